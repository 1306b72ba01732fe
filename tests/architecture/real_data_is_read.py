"""A pytest plugin where the real data is at hand: a test that reads it and is skipped fails."""

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.skipped and item.get_closest_marker("real_data"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} reads real data, which is here, and was skipped"
    return report

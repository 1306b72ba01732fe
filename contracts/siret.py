"""The keys of a SIRET, for whoever receives one."""

SIRET_DIGITS, SIREN_DIGITS = 14, 9
LA_POSTE_SIREN = "356000000"
LA_POSTE_HEAD_OFFICE = "35600000000048"
LA_POSTE_DIVISOR = 5
LUHN_MODULUS, LUHN_DIGIT_MAX = 10, 9


def is_siret(digits: str) -> bool:
    """Tell whether a SIRET's keys are right: Luhn's, or La Poste's own for its establishments.

    La Poste has more establishments than Luhn leaves room for: their digits add up to a multiple
    of 5. Its head office alone follows Luhn. The nine digits of the SIREN have a key of their own.

    Source: python-stdnum 2.2, stdnum.fr.siret.
    """
    if len(digits) != SIRET_DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    if digits.startswith(LA_POSTE_SIREN) and digits != LA_POSTE_HEAD_OFFICE:
        return sum(map(int, digits)) % LA_POSTE_DIVISOR == 0
    return all(_luhn_sum(part) % LUHN_MODULUS == 0 for part in (digits, digits[:SIREN_DIGITS]))


def _luhn_sum(digits: str) -> int:
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    return sum(map(int, digits[-1::-2])) + sum(
        two - LUHN_DIGIT_MAX if two > LUHN_DIGIT_MAX else two for two in doubled
    )

"""Refusals about sessions, attendance, proxies and minutes."""

from datetime import date, datetime

from services.chassis.errors import Refusal


class NoSuchSession(Refusal):
    """No session has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, session_id: object) -> None:
        """Name the session that was asked for."""
        super().__init__(f"Aucune séance ne porte l'identifiant {session_id}.")


class NoSuchBody(Refusal):
    """No active committee has this slug here."""

    code, status, field = "E_UNKNOWN", 422, "committee"

    def __init__(self, committee: str) -> None:
        """Name the committee that was asked for."""
        super().__init__(f"Aucun comité actif ne s'appelle « {committee} » ici ; vérifiez son nom.")


class NoSuchMember(Refusal):
    """No confirmed member of this coordination has this identifier."""

    code, status = "E_UNKNOWN", 422

    def __init__(self, field: str, member: object) -> None:
        """Name the member that was asked for."""
        super().__init__(f"Aucun membre confirmé ne porte ici l'identifiant {member}.")
        self.field = field


class NoSuchSeat(Refusal):
    """No seat whose mandate runs on the day has this identifier here."""

    code, status = "E_UNKNOWN", 422

    def __init__(self, field: str, seat: object) -> None:
        """Name the seat that was asked for."""
        super().__init__(f"Aucun siège {seat} n'est pourvu ici ce jour-là ; vérifiez le mandat.")
        self.field = field


class AgendaIsEmpty(Refusal):
    """A session deals with something."""

    code, status, field = "E_AGENDA", 422, "agenda"

    def __init__(self) -> None:
        """Say what to add."""
        super().__init__("L'ordre du jour est vide ; inscrivez-y au moins un point.")


class AgendaIsAnothers(Refusal):
    """A second call has the committee and the agenda of the first one."""

    code, status = "E_AGENDA", 422

    def __init__(self, field: str) -> None:
        """Name the field that differs."""
        super().__init__(
            "Une seconde convocation reprend le comité et l'ordre du jour de la première ; "
            "ne changez ni l'un ni l'autre."
        )
        self.field = field


class NoticeIsShort(Refusal):
    """A session is convened its notice ahead, or urgently with a reason."""

    code, status, field = "E_NOTICE", 422, "starts_at"

    def __init__(self, starts_at: datetime, *, notice_days: int) -> None:
        """Say how much notice is due."""
        super().__init__(
            f"Le {starts_at.date()} est à moins de {notice_days} jours ; choisissez une date plus "
            "lointaine, ou convoquez en urgence en disant pourquoi."
        )


class UrgencyIsUnexplained(Refusal):
    """An urgent convocation says why, and only an urgent one."""

    code, status, field = "E_NOTICE", 422, "urgent_reason"

    def __init__(self) -> None:
        """Say which two fields go together."""
        super().__init__("« urgent » et « urgent_reason » vont ensemble ; donnez les deux.")


class PresenterIsNotElected(Refusal):
    """A committee may want each item presented by one of its elected seats."""

    code, status = "E_PRESENTER", 422

    def __init__(self, position: int) -> None:
        """Name the place of the item in the agenda, from 1."""
        super().__init__(
            f"Le point {position} doit être présenté par un élu de ce comité ; "
            "donnez son siège dans « presenter_seat »."
        )
        self.field = f"agenda[{position - 1}].presenter_seat"


class SecondCallIsEarly(Refusal):
    """Some days pass between a session without quorum and its second call."""

    code, status, field = "E_NOTICE", 422, "starts_at"

    def __init__(self, earliest: date) -> None:
        """Say from which day it may be."""
        super().__init__(f"La seconde convocation est possible à partir du {earliest}.")


class SecondCallExists(Refusal):
    """A session without quorum is followed by one other."""

    code, field = "E_DIFFERS", "first_call"

    def __init__(self, first_call: object) -> None:
        """Name the first session."""
        super().__init__(f"La séance {first_call} a déjà sa seconde convocation ; reprenez-la.")


class SessionStands(Refusal):
    """A session moves only along its steps."""

    code, field = "E_STATE", "state"

    def __init__(self, session_id: object, *, state: str, to: str) -> None:
        """Say where it stands, and what it cannot be; `to` ends the sentence."""
        super().__init__(f"La séance {session_id} est {state} : elle ne peut être {to}.")


class SessionIsNotToday(Refusal):
    """A session opens on its day or later: those convened for it are there then."""

    code, field = "E_DAY", "starts_at"

    def __init__(self, day: date) -> None:
        """Name its day."""
        super().__init__(
            f"La séance est convoquée pour le {day} ; ouvrez-la ce jour-là, ou convoquez-en une "
            "en urgence."
        )


class SessionHasBegun(Refusal):
    """An agenda changes before its session only."""

    code, field = "E_STATE", "agenda"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(
            "L'heure de la séance est passée : son ordre du jour ne change plus ; convoquez-en "
            "une autre."
        )


class QuorumHolds(Refusal):
    """A session that has its quorum is held."""

    code, field = "E_QUORUM", "state"

    def __init__(self, score: object, quorum: object) -> None:
        """Show the quorum reached and the one asked for."""
        super().__init__(
            f"Le quorum est atteint ({score} pour {quorum} demandé) ; tenez la séance."
        )


class QuorumDoesNotFit(Refusal):
    """A quorum is a part of the whole."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str) -> None:
        """Name the quorum at fault."""
        super().__init__("Un quorum est une fraction entre 0 et 1 ; corrigez-le.")
        self.field = field


class AttendanceDiffers(Refusal):
    """An attendance that is known has other hours."""

    code, status, field = "E_DIFFERS", 409, "present_from"

    def __init__(self, known_from: datetime) -> None:
        """Say since when it is known."""
        super().__init__(
            f"Cette présence est connue depuis {known_from.isoformat()} ; reprenez-la."
        )


class HoursAreReversed(Refusal):
    """Nobody leaves before coming, or comes later than now."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str) -> None:
        """Name the hour at fault."""
        super().__init__("L'arrivée précède le départ, et n'est pas à venir ; corrigez l'heure.")
        self.field = field


class SeatIsAnothers(Refusal):
    """A member is present by one of its own seats."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, member: object) -> None:
        """Name the member."""
        super().__init__(f"Ce siège n'est pas du membre {member} ; donnez l'un des siens.")
        self.field = field


class ProxyIsNotOpen(Refusal):
    """A proxy is within one college of the roll, within the limit, and not passed on."""

    code, status = "E_PROXY", 422

    def __init__(self, field: str, why: str) -> None:
        """Say which member cannot, and why."""
        super().__init__(why)
        self.field = field


class ProxyIsDatedAfter(Refusal):
    """A proxy is given before its session, and not in the future."""

    code, status, field = "E_DAY", 422, "given_on"

    def __init__(self, last: date) -> None:
        """Say until which day it could be dated."""
        super().__init__(f"Un pouvoir se date au plus tard du {last} ; corrigez sa date.")


class ProxyIsAnothers(Refusal):
    """A member gives and revokes its own proxy, nobody else's."""

    code, status, field = "E_ROLE", 403, "giver"

    def __init__(self) -> None:
        """Say who may."""
        super().__init__("Votre jeton n'engage pas ce membre ; le secrétariat peut l'enregistrer.")


class NoSuchProxy(Refusal):
    """No proxy of this giver stands for the session."""

    code, status, field = "E_UNKNOWN", 404, "giver"

    def __init__(self, giver: object) -> None:
        """Name the giver."""
        super().__init__(f"Le membre {giver} n'a donné aucun pouvoir pour cette séance.")


class MinutesAreNotWritten(Refusal):
    """Minutes exist once the session was held."""

    code, status, field = "E_UNKNOWN", 404, "version"

    def __init__(self, session_id: object) -> None:
        """Name the session."""
        super().__init__(
            f"La séance {session_id} n'a pas ce procès-verbal ; il est écrit à la clôture."
        )


class MinutesMoved(Refusal):
    """A correction cites the last version of the minutes."""

    code, field = "E_DIFFERS", "corrects_sha256"

    def __init__(self, last: str) -> None:
        """Give the hash of the last version."""
        super().__init__(f"La dernière version a pour empreinte {last} ; corrigez celle-là.")

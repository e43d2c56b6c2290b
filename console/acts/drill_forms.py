"""What changes a sandbox's wire, as questions."""

from __future__ import annotations

from collections.abc import Callable

from console.acts.forms import Form
from console.exit_codes import CommandError
from screens.drill_port import Choice, DrillDesk, DrillError
from screens.entry import Given
from screens.ports import DeskError

NOT_HERE = "there are no faults to inject here: `cutover drill` has a sandbox"


def named_choice(desk: DrillDesk, argument: str) -> Choice:
    """What a name means: that of a scenario or of a fault, with the kind before it or without; a scenario goes first.

    Raises:
        CommandError: nothing is called that.
    """
    named = {name: choice for choice in reversed(desk.choices()) for name in (choice.id, choice.name)}
    choice = named.get(argument.strip())
    if choice is None:
        raise CommandError(f"there is no fault or scenario {argument}")
    return choice


def inject_form(desk: DrillDesk, choice: Choice) -> Form:
    """Ask whether something is to be put on the wire."""
    texts = (
        choice.title,
        *choice.lines,
        "It takes the place of the faults that are in force. The journal tells of it.",
    )
    send = _told(lambda: desk.inject(choice.id), "injected")
    return Form(f"Inject {choice.name}", texts, "inject", send)


def clear_form(desk: DrillDesk) -> Form:
    """Ask whether everything is to be taken off the wire."""
    send = _told(desk.clear, "no faults any more")
    return Form("Clear the faults", ("No call meets a fault any more.",), "clear them", send)


def _told(act: Callable[[], object], done: str) -> Callable[[Given], str]:
    def send(_given: Given) -> str:
        try:
            act()
        except DrillError as error:
            raise DeskError(str(error)) from error
        return done

    return send

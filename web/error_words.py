"""What an error page says, in both languages: whoever lands there may not read the one they asked for."""

from dataclasses import dataclass

from foundation.language import LANGUAGES, N_, gettext, language, speaking

WORDS = {
    400: (N_("We could not read what was sent"), N_("Go back, check the form or the address, and try again.")),
    401: (N_("Sign in to continue"), N_("This page is open only to people who are signed in.")),
    403: (N_("This is not open to you"), N_("If it should be, ask the people who run the programme.")),
    404: (N_("Page not found"), N_("The address may be mistyped, or the page opens only after you sign in.")),
    405: (N_("This cannot be done at this address"), N_("Go back and use the buttons on the page.")),
    409: (N_("This is not possible now"), N_("Go back, load the page again and look at what has changed.")),
    410: (
        N_("This page is no longer here"),
        N_("It was removed on purpose. Look for what replaced it from the first page."),
    ),
    413: (N_("The file is too large"), N_("Make the file smaller, or send several smaller ones.")),
    415: (N_("This kind of file is not taken here"), N_("Go back and choose a file of another kind.")),
    422: (N_("Something is missing or not right"), N_("Go back, correct the form and send it again.")),
    429: (N_("Too many attempts"), N_("Wait a few minutes, then try again.")),
    500: (
        N_("There is a problem with the service"),
        N_("It was recorded. Go back: the browser usually keeps what you typed."),
    ),
    503: (N_("The service is not available for a moment"), N_("It may be restarting. Try again in a minute.")),
    507: (N_("There is no room left for files"), N_("Tell the people who run the programme. What you saved is safe.")),
}


@dataclass(frozen=True)
class Said:
    language: str
    title: str
    text: str


def in_both(status: int) -> list[Said]:
    """The current language first. A status without words of its own speaks as the first of its hundred."""
    title, text = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    said = []
    for code in sorted(LANGUAGES, key=lambda code: code != language.get()):
        with speaking(code):
            said.append(Said(code, gettext(title), gettext(text)))
    return said

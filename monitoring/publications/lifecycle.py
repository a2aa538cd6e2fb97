"""States of a publication, the words its facts are told in, and who may write. Pure."""

from accounts.person import Person, Role
from foundation.language import N_
from lifecycle.states import Status, Worded


class State(Status, entity="publication"):
    """`told`: its address answers, be it that it was withdrawn and why; `public`: everybody reads it."""

    DRAFT = "draft", N_("draft")
    PUBLISHED = "published", N_("published"), "good", "told", "public"
    WITHDRAWN = "withdrawn", N_("withdrawn from publication"), "", "told"


class Kind(Worded):
    REPORT = "report", N_("report")
    MONITORING_REPORT = "monitoring_report", N_("monitoring report")
    RESEARCH_REPORT = "research_report", N_("research report")
    BOOKLET = "booklet", N_("booklet")
    BROCHURE = "brochure", N_("brochure")
    ARTICLE = "article", N_("article in local news")
    PRESS_RELEASE = "press_release", N_("press release")
    SUCCESS_STORY = "success_story", N_("success story")
    TV = "tv", N_("television programme")
    RADIO = "radio", N_("radio programme")
    WEB_POST = "web_post", N_("post on a web page")
    VIDEO = "video", N_("video")
    OTHER = "other", N_("other publication")


class Tongue(Worded):
    KA = "ka", N_("Georgian")
    EN = "en", N_("English")
    RU = "ru", N_("Russian")
    OTHER = "other", N_("another language")


class Precision(Worded):
    DAY = "day", N_("on a day")
    MONTH = "month", N_("in a month")
    YEAR = "year", N_("in a year")
    RANGE = "range", N_("between two days")
    UNKNOWN = "unknown", N_("not known")


class Channel(Worded):
    NEWSPAPER = "newspaper_insert", N_("with a newspaper")
    HANDED_OUT = "handed_out", N_("handed out")
    TV = "tv", N_("on television")
    WEB = "web", N_("on the web")
    SOCIAL = "social_network", N_("in a social network")
    EVENT = "event", N_("at an event")


class Unit(Worded):
    COPIES = "copies", N_("copies")
    SUBSCRIBERS = "subscribers", N_("subscribers")
    VIEWERS = "viewers", N_("viewers")
    VIEWS = "views", N_("views")
    DOWNLOADS = "downloads", N_("downloads")


class Basis(Worded):
    """How a number of a reach is known."""

    STATED = "stated", N_("a source says so")
    COUNTED = "counted", N_("counted")
    ESTIMATED = "estimated", N_("estimated")


def may_write(person: Person, _publication: object = None) -> bool:
    return person.has(Role.CURATOR, Role.MANAGER)


def sees_drafts(person: Person) -> bool:
    return person.reads_all or may_write(person)

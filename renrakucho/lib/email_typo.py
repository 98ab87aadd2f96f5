"""Did you mean, for mail addresses: gmial.com, .con, ne.jo and their like. Nothing is looked up on the network.

An address is only ever asked about: a domain that looks mistyped may be real, and its owner can say so.
"""

import re

from rapidfuzz.distance import OSA

from renrakucho.lib.width import to_ascii_width

# Where people in Japan have their mail, those with the most of it first, and where the world has it.
_DOMAINS = [
    "gmail.com",
    "yahoo.co.jp",
    "docomo.ne.jp",
    "icloud.com",
    "ezweb.ne.jp",
    "softbank.ne.jp",
    "au.com",
    "i.softbank.jp",
    "outlook.jp",
    "hotmail.com",
    "outlook.com",
    "hotmail.co.jp",
    "ymobile.ne.jp",
    "yahoo.ne.jp",
    "nifty.com",
    "ocn.ne.jp",
    "biglobe.ne.jp",
    "so-net.ne.jp",
    "plala.or.jp",
    "live.jp",
    "me.com",
    "yahoo.com",
    "googlemail.com",
    "mac.com",
    "msn.com",
    "live.com",
    "vodafone.ne.jp",
    "disney.ne.jp",
    "y-mobile.ne.jp",
    "emobile.ne.jp",
    "willcom.com",
    "pdx.ne.jp",
    "uqmobile.jp",
    "rakumail.jp",
    "mineo.jp",
    "dion.ne.jp",
    "asahi-net.or.jp",
    "eonet.ne.jp",
    "commufa.jp",
    "hi-ho.ne.jp",
    "jcom.home.ne.jp",
    "jcom.zaq.ne.jp",
    "zaq.ne.jp",
    "t-com.ne.jp",
    "tcn.jp",
    "dti.ne.jp",
    "sannet.ne.jp",
    "ybb.ne.jp",
    "excite.co.jp",
    "infoseek.jp",
    "livedoor.com",
    "aol.com",
    "aol.jp",
    "goo.jp",
    "auone.jp",
    "nifty.ne.jp",
    "protonmail.com",
    "proton.me",
    "pm.me",
    "gmx.com",
    "gmx.net",
    "gmx.de",
    "mail.com",
    "email.com",
    "ymail.com",
    "rocketmail.com",
    "zoho.com",
    "yandex.com",
    "yandex.ru",
    "mail.ru",
    "qq.com",
    "163.com",
    "126.com",
    "naver.com",
    "daum.net",
    "hanmail.net",
    "kakao.com",
    "web.de",
    "orange.fr",
    "free.fr",
    "tutanota.com",
    "fastmail.com",
    "hey.com",
    "duck.com",
    "comcast.net",
    "att.net",
    "verizon.net",
    "uol.com.br",
    "bol.com.br",
    "libero.it",
    "t-online.de",
    "btinternet.com",
    "rediffmail.com",
]
# Those that are long enough not to be near to many others.
_COMMON = tuple(domain for domain in _DOMAINS if len(domain.split(".")[0]) >= 5 or domain == "i.softbank.jp")
_WORLDWIDE = {"yahoo", "hotmail", "outlook", "live", "aol", "gmx", "yandex"}  # with a domain in many countries
_COUNTRY = re.compile(r"((co|com)\.)?(?!jo$|jp$|co$|cm$|om$|ne$)[a-z]{2}")
_SLIPS_OF_SECOND_LEVEL = {  # of .jp
    **dict.fromkeys(("me", "nr", "nw", "be", "en", "ni", "na"), "ne"),
    **dict.fromkeys(("vo", "xo", "ci", "cp", "oc", "c0", "cl", "ko"), "co"),
    **dict.fromkeys(("og", "ot", "oe", "pr", "ir"), "or"),
}
_TOP_LEVEL = ("com", "jp", "net", "org")
# Top-level domains that exist, one slip away from those.
_REAL_TOP_LEVEL = {
    "com",
    "jp",
    "net",
    "org",
    "cam",
    "co",
    "cm",
    "om",
    "gm",
    "je",
    "jm",
    "jo",
    "gp",
    "kp",
    "lp",
    "mp",
    "np",
    "sp",
    "pet",
    "bet",
    "vet",
    "new",
    "ne",
    "et",
    "nt",
    "ong",
}
_STOPS = re.compile(r"[,、。．・;:\s@/]+")


def suggest_email(typed: str) -> str:
    """The address that was probably meant; empty where the typed one may well be right."""
    address = re.sub(r"\s", "", to_ascii_width(typed)).removeprefix("mailto:").strip("<>")
    if "@" not in address:
        address = _with_at_sign(address)
    local, _, domain = address.partition("@")
    meant = _meant_domain(domain.lower())
    suggestion = f"{local}@{meant or domain}"
    is_whole = suggestion.isascii() and re.fullmatch(r"[^,@]+@[a-z0-9-]+(\.[a-z0-9-]+)+", suggestion.lower())
    return suggestion if is_whole and suggestion.lower() != to_ascii_width(typed).strip().lower() else ""


def _with_at_sign(address: str) -> str:
    """taro.gmail.com: the sign is missing before a domain that many have."""
    for domain in _COMMON:
        local = address.lower().removesuffix(domain)
        if local != address.lower() and local.rstrip(".・,"):
            return f"{address[: len(local)].rstrip('.・,')}@{domain}"
    return address


def _meant_domain(typed: str) -> str:
    domain = re.sub(r"\.{2,}", ".", _STOPS.sub(".", typed)).strip(".-")
    if domain in _DOMAINS or any(domain.endswith(f".{known}") for known in _DOMAINS):
        return domain
    if not domain.isascii():
        return ""
    return _near_common_domain(domain) or _repaired_ending(domain)


def _near_common_domain(domain: str) -> str:
    """The domain of many that the typed one is a slip away from, the nearest first."""
    found = [(slips, at) for at, known in enumerate(_COMMON) if (slips := _slips_between(domain, known)) is not None]
    return _COMMON[min(found)[1]] if found else ""


def _slips_between(typed: str, known: str) -> int | None:
    """How many slips make the one of the other; None where they are too many to be the same."""
    name, _, ending = known.partition(".")
    head, _, rest = typed.partition(".")
    if head == name and name in _WORLDWIDE and _COUNTRY.fullmatch(rest):
        return None
    in_name, in_ending = OSA.distance(head, name), OSA.distance(rest, ending)
    if rest and ending.startswith(rest):  # cut off too early
        in_ending = min(in_ending, 1)
    # A well-known name is meant whatever follows it; another only where what follows is right, or nearly.
    if in_name == 0 or (in_name <= 1 + (len(name) > 7) and in_ending <= 1):
        return in_name + in_ending
    return 2 if OSA.distance(_without_stops(typed), _without_stops(known)) <= 1 else None


def _without_stops(domain: str) -> str:
    return re.sub(r"[.-]", "", domain)


def _repaired_ending(domain: str) -> str:
    """The domain with a right ending; as it is where nothing is wrong with that."""
    for known in ("co.jp", "ne.jp", "or.jp", "ac.jp", "go.jp", "lg.jp"):  # example.cojp, example.co.jo, example.co.jpp
        first, second = known.split(".")
        ending = rf"\.(?:{first}{second}|{first}\.(?:jo|ip|jl|jpn|jpp|jop|j|jn|hp|jp[a-z]))"
        if re.search(ending + "$", domain):
            return re.sub(ending + "$", f".{known}", domain)
    labels = domain.split(".")
    if len(labels) == 1:
        return next(
            (f"{domain[: -len(end)]}.{end}" for end in ("com", "jp") if domain.endswith(end) and domain != end), ""
        )
    if labels[-1] not in _REAL_TOP_LEVEL:
        labels[-1] = next((top for top in _TOP_LEVEL if OSA.distance(labels[-1], top) == 1), labels[-1])
    if len(labels) > 2 and labels[-1] == "jp":
        labels[-2] = _SLIPS_OF_SECOND_LEVEL.get(labels[-2], labels[-2])
    return ".".join(labels)

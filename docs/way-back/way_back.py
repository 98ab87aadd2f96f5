import hashlib
import hmac
from urllib.parse import urlencode, urlsplit


def way_back(back: str, secret: str, number: str, at: int) -> str:
    """The address behind 引越れんらく帳へ戻る on your done page.

    back: as it came from the portal; secret: agreed with it; number: your receipt number; at: now, int(time.time()).
    """
    ticket = urlsplit(back).path.rsplit("/", 1)[-1]
    signature = hmac.new(secret.encode(), f"{ticket}\n{number}\n{at}".encode(), hashlib.sha256).hexdigest()
    return f"{back}?{urlencode({'number': number, 'at': at, 'signature': signature})}"

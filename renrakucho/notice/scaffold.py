"""Scaffold of a new provider's folder. Its author replaces each «…»; the folder check finds those that are left."""

from datetime import date
from pathlib import Path
from typing import Literal

from renrakucho.mover.entries import PLACE_BOUND
from renrakucho.sheet.procedure import Procedure, day_fact, ends_of_move

Channel = Literal["inbox", "weblink"]

_PROVIDER = """# Who the provider is. Every line needs a source; empty is better than guessed.
name = "…"                        # 正式な名前
kana = "…"                        # その読み、全角カタカナで
english = "…"                     # its name in English
industry = "{industry}"
directory_ids = []                # its id in directory/providers.csv, where the address decides who serves
nationwide = {nationwide}                # true: offered whatever the address
phones = []                       # "03-1234-5678"
homepage = "…"
moving_page = ""                  # where its own site takes moves
checked_on = {today}
source = "…"                      # where all of this was read
"""
_HEAD = """title = "…"                       # as the provider calls it
version = 1                       # counts up when anything below changes
checked_on = {today}           # when somebody last compared it with the provider's own form
source = "…"                      # where that form is
channel = "{channel}"
{channel_keys}
# The days it takes, counted from today. Without a source, leave it out.
# [window]
# fact = "{day}"
# earliest_business_days = 3      # or earliest_days; 0 is today
# latest_days = 30
# cut_off = 17:00:00              # from then on, today counts as tomorrow
# workdays_only = true            # the day itself has to be a working day
# source = "https://…"
# checked_on = {today}

# Its other rules; each can be left out.
# [rules]
# source = "https://…"
# checked_on = {today}
# attendance = {{ needed = "when", words = "オートロックの建物のとき" }}      # never, always, when
# fee = {{ yen = 0 }}
# change_until = {{ business_days = 3, before = ["{day}"] }}
# without_number = {{ number = "お客さま番号", way = "other_way", words = "ご住所で確かめます。" }}

# One [[blank]] for each item of the form, in its order. Ask for nothing that the form does not ask for.
[[blank]]
name = "holder"                   # the field's name on the wire
label = "ご契約者"                # as the form words it
say = "{{holder.family_name}}　{{holder.given_name}}"
required = true
longest = 30                      # characters; longest_bytes counts in the form's encoding

[[blank]]
name = "phone"
label = "電話番号"
say = "{{contact.phone|phone}}"
required = true

[[blank]]
name = "address"
label = "ご住所"
say = "{{{end}.prefecture}}{{{end}.municipality}}{{{end}.town}}{{{end}.block}}[ {{{end}.building}}][ {{{end}.room}}]"
required = true
longest = 100

[[blank]]
name = "day"
label = "お手続きの日"
say = "{{{day}|slash}}"             # the ways of saying a fact: renrakucho/sheet/filters.py
required = true
"""
_INBOX = """change = "until_accepted"         # the mover may change it until 受理
"""
_WEBLINK = """encoding = "UTF-8"                # the charset of its page: UTF-8, Shift_JIS or EUC-JP
asked_there = ["お客さま番号"]    # what the page asks the mover itself
change = "by_phone"               # what has gone there cannot be changed from here
"""
_OWN_ITEM = """
[[blank]]                         # an own item, asked in the book for this provider alone
name = "customer_number"
label = "お客さま番号"
ask = "text"                      # text, lines or choice
help = "…"                        # where the mover finds it
example = "0123456789"
longest = 10
pattern = "[0-9]{10}"
pattern_help = "数字10けたでご入力ください。"
"""
_RETURN_URL = """
[[blank]]
name = "return_url"               # which field takes the way back
label = "引越れんらく帳へ戻るリンク"
say = "{return.url}"
"""


def scaffold_folder(folder: Path, industry: str, channel: Channel, today: date) -> list[Path]:
    """Write a new provider's folder. Returns its files. Raises FileExistsError, and changes nothing then."""
    folder.mkdir(parents=True)
    place_bound = industry in PLACE_BOUND
    provider = _PROVIDER.format(industry=industry, nationwide="false" if place_bound else "true", today=today)
    files = {"provider.toml": provider}
    procedures: tuple[Procedure, ...] = ("stop", "start") if place_bound else ("change",)
    for procedure in procedures:
        files[f"{procedure}.toml"] = _form(procedure, channel, today)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in files]


def _form(procedure: Procedure, channel: Channel, today: date) -> str:
    head = _HEAD.format(
        today=today,
        channel=channel,
        channel_keys=_INBOX if channel == "inbox" else _WEBLINK,
        day=day_fact(procedure),
        end=ends_of_move(procedure)[0],
    )
    return head + (_OWN_ITEM if channel == "inbox" else _RETURN_URL)

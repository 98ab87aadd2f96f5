"""Writes FORMS.md, the list of every form's fields: `python -m sandbox.manual > sandbox/FORMS.md`."""

from sandbox.form import Blank, Form, Site
from sandbox.shape import SHAPES
from sandbox.sites import SITES

HEAD = """# The forms of the sandbox

Written by `python -m sandbox.manual` from `sandbox/forms/`; a test keeps the two alike.
These are trial forms. No real provider's form looks like this or is reached from here.

How to hand over: POST `application/x-www-form-urlencoded` to the entry, encoded in the site's charset as a
browser does it (a page's `accept-charset`). No cookie and no token is needed. Whatever is missing stays empty
on the page; nothing is refused at entry, only when the mover presses 確認 there. Unknown names are ignored.

* **hand over**: `yes` = taken from outside; `own` = the provider's own item, asked on its page only and
  ignored when sent from outside.
* **max**: characters (not bytes). A longer value is shown as it came and refused at 確認.
* **needed**: what the page itself refuses without. `if X=1` = needed when X has that value.
* An option's code is sent, not its label.
* The way back: a field (named below, the same for all procedures of a site) with an http(s) URL. The done
  page links to it with `number`, `at` and `signature`; without it there is only a text.
"""


def _kind(blank: Blank) -> str:
    if not blank.options:
        return SHAPES[blank.shape].description
    if all(code == label for code, label in blank.options):
        return "one of: " + " ".join(code for code, _ in blank.options)
    return "one of: " + ", ".join(f"`{code}`={label}" for code, label in blank.options)


def _needed(blank: Blank) -> str:
    if blank.needed_if:
        return "if {}={}".format(*blank.needed_if)
    return "yes" if blank.required else "no"


def _form(site: Site, form: Form) -> list[str]:
    lines = [
        f"### {site.slug} {form.procedure}: {form.title}",
        "",
        f"Entry `{{sandbox}}/{site.slug}/{form.procedure}`. "
        + " ".join(
            f"{day.word} is `{'`, `'.join(day.names)}`, accepted from today+{day.first} to today+{day.last}."
            for day in form.days
        ),
    ]
    lines += [f"`{one}` and `{other}` have to be the same." for one, other in form.same]
    lines += [
        "",
        "| field | meaning | value | max | needed | hand over | example |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for blank in form.blanks:
        cells = (
            f"`{blank.name}`", blank.meaning, _kind(blank), str(blank.length), _needed(blank),
            "own" if blank.own else "yes", blank.example,
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def manual() -> str:
    lines = [HEAD]
    for site in SITES.values():
        lines += [f"## {site.slug} ({site.name})", "", f"Charset {site.charset}. Way back: `{site.back}`.", ""]
        for form in site.forms:
            lines += _form(site, form)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(manual(), end="")

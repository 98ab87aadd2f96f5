"""Form field of a day: year, month and day in three inputs, or the browser's own calendar."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.width import to_ascii_width


def day_parts(value: object) -> tuple[str, str, str]:
    """Return the texts of the three inputs, from a date or from what was typed."""
    if isinstance(value, date):
        return str(value.year), str(value.month), str(value.day)
    if isinstance(value, str):
        written = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
        return (written[1], written[2], written[3]) if written else (value, "", "")
    if isinstance(value, Sequence):
        year, month, day = [*(str(part or "") for part in value), "", "", ""][:3]
        return year, month, day
    return "", "", ""


class DayWidget(forms.MultiWidget):
    """Read <name>_0, _1, _2, or <name> alone as a browser's calendar sends it (2026-12-05). Never rendered."""

    def __init__(self) -> None:
        super().__init__([forms.TextInput, forms.TextInput, forms.TextInput])

    def decompress(self, value: object) -> list[str]:
        return list(day_parts(value))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if f"{name}_0" not in data and name in data:
            return list(day_parts(data[name]))
        return [data.get(f"{name}_{place}", "") for place in range(3)]


class DayField(forms.MultiValueField):
    """A date, from three numbers in any width; None where it is not required and nothing was typed."""

    widget = DayWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("年・月・日を数字で入れてください。"),
        "incomplete": _("年・月・日の3つとも入れてください。"),
        "invalid": _("この日付はカレンダーにありません。年・月・日を確かめてください。"),
        "year": _("年は西暦4けたで入れてください(例: 2026)。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        parts = [forms.CharField(), forms.CharField(), forms.CharField()]
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: Any) -> date | None:
        if not data_list:
            return None
        year, month, day = (to_ascii_width(part).strip().rstrip("年月日") for part in data_list)
        if not re.fullmatch("[0-9]+ [0-9]{1,2} [0-9]{1,2}", f"{year} {month} {day}"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(year) != 4:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return date(int(year), int(month), int(day))
        except ValueError as impossible:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from impossible

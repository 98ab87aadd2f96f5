from django.db import migrations
from django.db.models import F


def let_waiting_notices_leave(apps, schema_editor):
    """Books from before mailboxes were proved. What their movers have confirmed and still waits must not be lost, so
    these books count as proved at their registration. Those of peer portals are proved there. All others stay as they
    are: nobody has proved them, and their movers are asked for a code when they send the next notice.
    """
    book = apps.get_model("mover", "Book")
    notice = apps.get_model("notice", "Notice")
    origin = apps.get_model("notice", "PeerOrigin")
    waiting = notice.objects.filter(status__in=("entered", "undelivered")).values("book")
    relayed = origin.objects.filter(notice__isnull=False).values("notice__book")
    for rows in (book.objects.filter(id__in=waiting), book.objects.filter(id__in=relayed)):
        rows.filter(registered_at__isnull=False).update(mailbox_proved_at=F("registered_at"))
        rows.filter(registered_at=None).update(mailbox_proved_at=F("created_at"))  # an operator's trial


class Migration(migrations.Migration):
    dependencies = [("mover", "0006_mailbox_proved_at"), ("notice", "0011_answer_due")]

    operations = [migrations.RunPython(let_waiting_notices_leave, migrations.RunPython.noop)]

"""Puts the receipts that exist into their feeds, numbered in the order of their keys, in which they were told so far.

In short transactions, of which none touches a table that others use; stopped half-way, it goes on where it was.
"""

from collections import defaultdict
from uuid import UUID

from django.db import migrations, transaction

BATCH = 5_000
TO_PROVIDER = {'sent', 'undelivered', 'replaced', 'withdrawn', 'accepted', 'returned'}
TO_PEER = {'opened', 'taken', 'accepted', 'returned'}
FIELDS = ('id', 'kind', 'notice__provider', 'notice__channel', 'notice__written_at', 'notice__origin__portal')


def fill_feeds(apps, schema_editor):
    using = schema_editor.connection.alias
    receipts = apps.get_model('receipt', 'Receipt').objects.using(using).order_by('id').values_list(*FIELDS)
    last = UUID(int=0)
    while batch := list(receipts.filter(id__gt=last)[:BATCH]):
        last = batch[-1][0]
        with transaction.atomic(using=using):
            _fill(apps, using, batch)


def _fill(apps, using, batch):
    feeds = apps.get_model('receipt', 'EventFeed').objects.using(using)
    events = apps.get_model('receipt', 'FeedEvent').objects.using(using)
    there = set(events.filter(receipt_id__in=[row[0] for row in batch]).values_list('feed', 'receipt_id'))
    found = defaultdict(list)
    for key, kind, provider, channel, written_at, portal in batch:
        if kind in TO_PROVIDER and provider and written_at and channel != 'weblink':
            found[f'provider/{provider}'].append(key)
        if kind in TO_PEER and portal:
            found[f'peer/{portal}'].append(key)
    for name in sorted(found):
        feeds.bulk_create([feeds.model(name=name)], ignore_conflicts=True)
        feed = feeds.select_for_update(no_key=True).get(name=name)
        new = [key for key in found[name] if (name, key) not in there]
        numbers = range(feed.last_number + 1, feed.last_number + len(new) + 1)
        events.bulk_create(events.model(feed=name, receipt_id=key, number=number) for key, number in zip(new, numbers))
        feeds.filter(name=name).update(last_number=feed.last_number + len(new))


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('notice', '0008_lanes'),
        ('receipt', '0005_event_feed'),
    ]

    operations = [migrations.RunPython(fill_feeds, migrations.RunPython.noop)]

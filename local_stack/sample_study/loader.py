"""Putting a sample study where the product looks: storage first, then rows."""

from pymongo.database import Database

from local_stack.sample_study.sample import SampleFile, SampleStudy
from trial_reports.database.model import Row
from trial_reports.documents.models import File
from trial_reports.storage.storage import Storage


def load(
    sample: SampleStudy, database: Database[Row], storage: Storage, base_uri: str
) -> None:
    """Upload the files, then write users, studies, documents and file metadata.

    Args:
        sample: What to load, once: its ids are unique.
        database: The product's database.
        storage: Where the objects go.
        base_uri: Their folder, for example ``s3://trial-files/files``.

    Raises:
        StageError: An upload failed; no row was written.
        pymongo.errors.PyMongoError: A write failed; later collections are empty.
    """
    files = upload(sample, storage, base_uri)
    documents = (d.to_row() for person in sample.people for d in person.documents)
    database["studies"].insert_many([study.to_row() for study in sample.studies])
    users = (*(person.user for person in sample.people), *sample.staff)
    database["users"].insert_many([user.to_row() for user in users])
    database["documents"].insert_many(documents, ordered=False)
    if files:
        database["files"].insert_many([file.to_row() for file in files], ordered=False)


def upload(sample: SampleStudy, storage: Storage, base_uri: str) -> list[File]:
    """Store the files one by one and return their metadata.

    Metadata also comes back for a file that is missing on purpose.

    Args:
        sample: Whose files.
        storage: Where the objects go.
        base_uri: Their folder; a file's own id is the rest of its address.
    """
    files = (file for person in sample.people for file in person.files)
    return [_upload(file, storage, f"{base_uri}/{file.id}") for file in files]


def end_memberships(sample: SampleStudy, database: Database[Row]) -> None:
    """Let those who withdraw do so; call it once everybody has subscribed.

    Args:
        sample: A loaded sample.
        database: The product's database.
    """
    for person in sample.people:
        if person.withdrawn_at is not None:
            ended = {"memberships.$[].until": person.withdrawn_at}
            database["users"].update_one({"_id": person.user.id}, {"$set": ended})


def _upload(file: SampleFile, storage: Storage, uri: str) -> File:
    data = file.content()
    if file.uploaded:
        storage.create(uri, data, file.media_type)
    return file.metadata(uri, data)

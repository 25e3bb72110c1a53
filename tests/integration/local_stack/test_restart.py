from pathlib import Path

from pymongo import MongoClient

from local_stack.stack import running_services


def test_data_survives_a_restart_even_on_another_port(tmp_path: Path) -> None:
    for start in range(2):
        with (
            running_services(tmp_path) as services,
            MongoClient[dict[str, int]](services.mongo_uri) as client,
        ):
            client["kept"]["starts"].insert_one({"start": start})
            starts = client["kept"]["starts"].count_documents({})
        (tmp_path / "ports.json").unlink()
    assert starts == 2

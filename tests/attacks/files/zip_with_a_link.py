"""Is in a download as a link, the same name twice, and with a password."""

import stat
import zipfile


def hand_in(folder, honest):
    place = folder.parents[1] / "download.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for number, name in enumerate(("ada", "zoe"), 1):
            path = f"{name}_{number}_assignsubmission_file_/03_adagrad.ipynb"
            archive.writestr(path, honest)
        link = zipfile.ZipInfo("mallory_3_assignsubmission_file_/03_adagrad.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../ada_1_assignsubmission_file_/03_adagrad.ipynb")
    text = place.read_bytes()
    at = text.rindex(b"PK\x01\x02")
    place.write_bytes(text[: at + 8] + b"\x01" + text[at + 9 :])
    return place

"""Is in a download under names that lead out of the folder, to the root, and to another's name."""

import zipfile


def hand_in(folder, honest):
    place = folder.parents[1] / "download.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for number, name in enumerate(("ada", "zoe"), 1):
            path = f"{name}_{number}_assignsubmission_file_/03_adagrad.ipynb"
            archive.writestr(path, honest)
        for name in (
            "../../../left-by-an-attack.ipynb",
            "/tmp/left-by-an-attack.ipynb",
            "mallory_3_assignsubmission_file_/../../ada_1_assignsubmission_file_/03_adagrad.ipynb",
        ):
            archive.writestr(name, b"{}")
    return place

"""Is in a download as a file that grows to more than a hundred megabytes when it is unpacked."""

import zipfile


def hand_in(folder, honest):
    place = folder.parents[1] / "download.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, name in enumerate(("ada", "zoe"), 1):
            path = f"{name}_{number}_assignsubmission_file_/03_adagrad.ipynb"
            archive.writestr(path, honest)
        with archive.open("mallory_3_assignsubmission_file_/03_adagrad.ipynb", "w") as file:
            for _ in range(101):
                file.write(bytes(1 << 20))
    return place

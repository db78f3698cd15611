"""JupyterLab as `nox -s lab` starts it: it asks nothing of the network, and the reader nothing."""

c = get_config()  # noqa: F821

c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

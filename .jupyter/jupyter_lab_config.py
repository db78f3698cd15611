"""JupyterLab as `nox -s lab` starts it: it asks nothing of the network, and the reader nothing."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

c = get_config()  # noqa: F821

c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"


class Prompt(ZMQChannelsWebsocketConnection):
    """Send every message at once. TCP would hold small ones back, and a drag would stutter."""

    def connect(self):  # noqa: D102
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c.ServerApp.kernel_websocket_connection_class = Prompt

"""The web server of embedded mode: waitress, with its refusal of a huge body left to the application.

Waitress ends such a request at its head, before a byte of the body is stored, but with an English line of its own.
"""

from waitress import runner
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import RequestEntityTooLarge


def error_task(channel: HTTPChannel, request: HTTPRequestParser) -> Task:
    """Return what answers a request that waitress refused: the application, when the body was too large.

    The application refuses by the length in the head; a body sent in chunks tells none, so it gets the least one.
    """
    if not isinstance(request.error, RequestEntityTooLarge):
        return ErrorTask(channel, request)
    request.headers.setdefault("CONTENT_LENGTH", str(channel.adj.max_request_body_size))
    task = WSGITask(channel, request)
    task.set_close_on_finish()
    return task


if __name__ == "__main__":
    HTTPChannel.error_task_class = staticmethod(error_task)
    runner.run()

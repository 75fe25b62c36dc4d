"""The exceptions of Broadsheet, and the words a user sees for each.

- BroadsheetError
    - InputError: the request cannot be served as it was made; the message says what to change
        - PaperNotFoundError
        - SettingsError
    - ServiceError: something outside failed; `retryable` says whether a retry may help, and `passes` whether
      one in a few hours may
        - ArxivError
        - PdfError
        - ModelError
            - ModelRefusedError
            - SmallerContextError
        - EmbeddingError
        - SpeechError
        - DeliveryError
            - DeliveryRefusedError: certainly not stored, as after a 400
                - ChannelRefusedError: nothing can be stored there, as after a 403
                    - ChannelGoneError: the channel was deleted, with everything in it
                - MessageGoneError: the message to change was deleted
            - DeliveryUnclearError: perhaps stored, as after a timeout

Storage raises its own `storage.failures.StorageFailure`, whose message is fit for a user too.

`str(error)` is fit for a user: one or two sentences, no secrets, no paths of the library, no traceback.
"""

_ECHO_CHARACTERS = 60


class BroadsheetError(Exception):
    """The base of every error that Broadsheet raises on purpose."""


class InputError(BroadsheetError):
    """The request cannot be served as it was made; the message says what to change."""

    def __init__(self, message: str, *, echo: str = "") -> None:
        """`echo`: a person's words that the message repeats as “echo”; escape them where text has markup."""
        super().__init__(message)
        self.echo = echo


class PaperNotFoundError(InputError):
    """arXiv does not know this paper, or this version of it."""


class SettingsError(InputError):
    """A setting is missing or wrong."""


class ServiceError(BroadsheetError):
    """Something outside failed."""

    def __init__(self, message: str, *, retryable: bool = True, passes: bool | None = None) -> None:
        """What is retryable passes too; give `passes` for what a retry can fix, but not soon."""
        super().__init__(message)
        self.retryable = retryable
        self.passes = retryable if passes is None else passes


class ArxivError(ServiceError):
    """arXiv could not be reached, or answered with something that is not an answer."""


class PdfError(ServiceError):
    """A PDF could not be fetched or read."""


class ModelError(ServiceError):
    """The language model failed, even after its adapter's own retries."""

    prompt_tokens: int = 0
    """Used by the calls that were answered before it failed, counted as in a reply."""
    completion_tokens: int = 0
    timed_out: bool = False
    """Whether it took too long; it may cost money all the same."""


class SmallerContextError(ModelError):
    """The prompt did not fit: the model's `context_tokens` is now what may, by the server's word or ours.

    The same prompt never fits; a shorter one may.
    """


class ModelRefusedError(ModelError):
    """The model server refuses us: wrong key, no quota. Further calls are pointless for a while."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=False)


class EmbeddingError(ServiceError):
    """The embedder failed."""


class SpeechError(ServiceError):
    """A digest could not be read aloud: the voice failed, or its sound could not be encoded."""


class DeliveryError(ServiceError):
    """A message could not be delivered."""


class DeliveryRefusedError(DeliveryError):
    """Discord definitely did not take the message and will not."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=False)


class ChannelRefusedError(DeliveryRefusedError):
    """The channel takes no message at all: a missing permission, an unknown channel."""


class ChannelGoneError(ChannelRefusedError):
    """The channel no longer exists, so nothing is posted there."""


class MessageGoneError(DeliveryRefusedError):
    """The message to be changed was deleted."""

    def __init__(self) -> None:
        super().__init__("The message is gone.")


class DeliveryUnclearError(DeliveryError):
    """Discord may or may not have stored the message: look before retrying."""


def echoed(text: str) -> str:
    """A person's words as a message may repeat them: on one line, and shortened."""
    words = " ".join(text.split())
    return words if len(words) <= _ECHO_CHARACTERS else f"{words[:_ECHO_CHARACTERS]}…"

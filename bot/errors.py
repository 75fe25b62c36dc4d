"""The exceptions of Broadsheet, and the words a user sees for each.

- BroadsheetError
    - InputError: the request cannot be served as it was made; the words say what to change
        - PaperNotFoundError
        - SettingsError
    - ServiceError: something outside failed; `retryable` says whether another try may do better, and
      `passes` whether one in some hours may
        - ArxivError
        - PdfError
        - ModelError
            - ModelRefusedError
        - EmbeddingError
        - SpeechError
        - DeliveryError
            - DeliveryRefusedError: certainly not stored, such as a 400
                - ChannelRefusedError: nothing can be stored there, such as a 403
                    - ChannelGoneError: the channel was deleted, and all in it
                - MessageGoneError: the message that it is about was deleted
            - DeliveryUnclearError: perhaps stored, such as a time-out

Storage raises its own `storage.failures.StorageFailure`, whose words are fit for a user too.

`str(error)` is fit for a user: one or two sentences, no secrets, no paths of the library, no traceback.
"""

_ECHO_CHARACTERS = 60


class BroadsheetError(Exception):
    """The base of every error that Broadsheet raises on purpose."""


class InputError(BroadsheetError):
    """The request cannot be served as it was made; the message says what to change."""

    def __init__(self, message: str, *, echo: str = "") -> None:
        """`echo`: a person's words that the message repeats as “echo”; where text has markup, escape them."""
        super().__init__(message)
        self.echo = echo


class PaperNotFoundError(InputError):
    """arXiv does not know this paper, or this version of it."""


class SettingsError(InputError):
    """A setting is missing or wrong."""


class ServiceError(BroadsheetError):
    """Something outside failed."""

    def __init__(self, message: str, *, retryable: bool = True, passes: bool | None = None) -> None:
        """What is retryable passes, too; `passes` is for what it is pointless to try again soon."""
        super().__init__(message)
        self.retryable = retryable
        self.passes = retryable if passes is None else passes


class ArxivError(ServiceError):
    """arXiv could not be reached, or answered with something that is not an answer."""


class PdfError(ServiceError):
    """A PDF could not be fetched or read."""


class ModelError(ServiceError):
    """The language model failed, once its adapter's own tries were spent."""

    prompt_tokens: int = 0
    """What the calls that were answered used before it failed, counted as a reply's."""
    completion_tokens: int = 0
    timed_out: bool = False
    """Whether it took too long: what it worked on may be paid for all the same."""


class ModelRefusedError(ModelError):
    """The model's server will not serve us: wrong key, no quota. Further calls are pointless for a while."""


class EmbeddingError(ServiceError):
    """The embedder failed."""


class SpeechError(ServiceError):
    """A digest could not be read aloud: the voice failed, or what it said could not be encoded."""


class DeliveryError(ServiceError):
    """A message could not be delivered."""


class DeliveryRefusedError(DeliveryError):
    """Discord definitely did not take the message and will not."""


class ChannelRefusedError(DeliveryRefusedError):
    """The channel cannot be used for any message: a missing permission, an unknown channel."""


class ChannelGoneError(ChannelRefusedError):
    """The channel does not exist any more, so that nothing stands there."""


class MessageGoneError(DeliveryRefusedError):
    """Somebody deleted the message that was to be changed."""

    def __init__(self) -> None:
        super().__init__("The message is gone.", retryable=False)


class DeliveryUnclearError(DeliveryError):
    """Nobody knows whether Discord stored the message: look before trying again."""


def echoed(text: str) -> str:
    """Somebody's words as a message may repeat them: on one line, and cut."""
    words = " ".join(text.split())
    return words if len(words) <= _ECHO_CHARACTERS else f"{words[:_ECHO_CHARACTERS]}…"

"""onnxruntime without its telemetry: it embeds and speaks, and tells Microsoft of both unless told not to."""

WITHOUT_TELEMETRY = {"ORT_DISABLE_TELEMETRY": "1"}
"""Has to be in the environment before it is imported: from 1.29 on its wheels tell what models ran, under an
id that is kept in the user's cache folder (https://github.com/microsoft/onnxruntime/pull/27379)."""

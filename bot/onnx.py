"""onnxruntime without its telemetry: it embeds and speaks, and reports both to Microsoft by default."""

WITHOUT_TELEMETRY = {"ORT_DISABLE_TELEMETRY": "1"}
"""Has to be in the environment before it is imported: since 1.29 its wheels report which models ran, under an
id kept in the user's cache folder (https://github.com/microsoft/onnxruntime/pull/27379)."""

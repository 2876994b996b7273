"""Text from language models: scene code, its repair, and the outline of a video.

Nothing here retries, waits or reads the environment. Only the first call imports pydantic-ai: it and the vendors'
packages take one to three seconds, which a flow without a prompt need not spend.
"""

"""The browser interface: Gradio panels around the viewer. The only package that imports Gradio."""

"""Made-up text with the entities in it marked, from grammars in many languages and genres.

`documents.Writer` writes examples without end; `grammar` expands the rules of `grammars/*.txt`;
the other modules fill their slots. No text or name here comes from a benchmark.
"""

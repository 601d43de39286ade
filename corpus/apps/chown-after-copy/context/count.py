import pathlib

words = sum(len(path.read_text().split()) for path in sorted(pathlib.Path("books").glob("*.txt")))
pathlib.Path("out/count.txt").write_text(str(words))
print(words, "words")

"""The views of a PyTorch program, by its own functions `augment` and `tensor`: for every line that is read, the
milliseconds that a picture takes. See input-pipeline.sh.

  input_pipeline.py PROGRAM PHOTOS SIZE
"""
import ast
import pathlib
import sys
import time
import types

program, photos, size = sys.argv[1:]
# The program trains when it is imported, so only its imports and the parts that are measured are taken from it.
wanted = {"MEAN, STD", "tensor", "augment"}
source = ast.parse(pathlib.Path(program).read_text())
parts = [
    node
    for node in source.body
    if isinstance(node, (ast.Import, ast.ImportFrom))
    or isinstance(node, ast.FunctionDef) and node.name in wanted
    or isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).strip("()") in wanted
]
names = {"a": types.SimpleNamespace(size=int(size))}
exec(compile(ast.Module(parts, []), program, "exec"), names)
names["torch"].set_num_threads(1)
names["random"].seed(1)
Image, augment = names["Image"], names["augment"]
files = sorted(pathlib.Path(photos).iterdir())[:200]

for _ in sys.stdin:
    start = time.perf_counter()
    for file in files:
        image = Image.open(file)
        image.load()
        image = image.convert("RGB")
        augment(image), augment(image)
    print((time.perf_counter() - start) * 1e3 / len(files), flush=True)

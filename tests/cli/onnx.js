// onnx.js MODULES MODEL ROWS DIM: reads rows of numbers; prints label and probabilities.
const fs = require("fs"), path = require("path");
const [modules, model, rows, dim] = process.argv.slice(2);
const ort = require(path.join(modules, "onnxruntime-node"));
const bytes = fs.readFileSync(rows);
const x = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
(async () => {
  const session = await ort.InferenceSession.create(model);
  const input = new ort.Tensor("float32", x, [x.length / dim, +dim]);
  const got = await session.run({ x: input });
  const classes = got.probabilities.dims[1];
  got.label.data.forEach((label, row) => {
    const proba = got.probabilities.data.slice(row * classes, (row + 1) * classes);
    console.log([label, ...proba].join("\t"));
  });
})();

// Prints the Khronos validator's report on each file named on the command line, as a JSON list.
const fs = require("fs");
const validator = require("gltf-validator");

Promise.all(
  process.argv.slice(2).map((path) =>
    validator.validateBytes(new Uint8Array(fs.readFileSync(path)), { maxIssues: 50 })
  )
).then((reports) => process.stdout.write(JSON.stringify(reports.map((report) => report.issues))));

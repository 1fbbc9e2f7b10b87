'use strict';
// Runs one of Parley's programs on the Node that package.json pins, whatever Node the machine has. Installs the
// packages first when they are missing or differ from package-lock.json.
// Written for old Nodes: CommonJS, no modern syntax.
var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var path = require('path');

var root = path.join(__dirname, '..');
var stampFile = path.join(root, 'node_modules', '.parley-installed');
var args = process.argv.slice(2);
var quiet = args[0] === '--quiet';
if (quiet) args.shift();

function say(text) {
  process.stderr.write(text + '\n');
}

function lockHash() {
  return crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

function installed() {
  return fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === lockHash();
}

function install() {
  say('Parley: installing its packages (once, a minute or two)…');
  var started = Date.now();
  var timer = setInterval(() => {
    say('Parley: still installing, ' + Math.round((Date.now() - started) / 1000) + ' s…');
  }, 15000);
  // Not `npm ci`: it refuses a lock file that lacks other systems' optional packages, and this one may. Versions are
  // those of the lock file either way. No package needs its install script, and two of them would download binaries
  // from outside the registry.
  var flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  var npm = childProcess.spawn('npm', ['install'].concat(flags), {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  npm.on('exit', (code) => {
    clearInterval(timer);
    if (code !== 0) {
      say('Parley: npm could not install the packages. Its output is above.');
      process.exit(1);
    }
    fs.writeFileSync(stampFile, lockHash());
    say('Parley: packages installed in ' + Math.round((Date.now() - started) / 1000) + ' s.');
    run();
  });
}

function pinnedNode() {
  var own = path.join(root, 'node_modules', '.bin', 'node');
  if (fs.existsSync(own)) return own;
  var major = Number(process.versions.node.split('.')[0]);
  if (major >= 26) return process.execPath;
  say('Parley needs Node 26, which it installs itself on Linux only. Install Node 26 and try again.');
  process.exit(1);
}

function run() {
  var program = childProcess.spawn(pinnedNode(), args, { cwd: root, stdio: 'inherit' });
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
    process.on(signal, () => {
      program.kill(signal);
    });
  });
  program.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code === null ? 1 : code);
  });
}

if (installed()) run();
else install();

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

// npm, then the program. Signals are passed on to it, from before it is started: a signal that ended this process alone
// would leave it running.
var child = null;
var forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
var received = null;
forwarded.forEach((signal) => {
  process.on(signal, () => {
    received = signal;
    if (child) child.kill(signal);
    else endBy(signal);
  });
});

/** Ends as a process does that handles no signal, so that the exit status says so. */
function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

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

// npm 9 and older fail at the overrides of package.json.
var NPM_MAJOR = 10;

function checkNpm() {
  var asked = childProcess.spawnSync('npm', ['--version'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  var version = (asked.stdout || '').trim();
  if (Number(version.split('.')[0]) >= NPM_MAJOR) return;
  say(
    version === ''
      ? 'Parley needs npm to install its packages, and there is none. Install npm ' + NPM_MAJOR + ' or newer.'
      : 'Parley needs npm ' +
          NPM_MAJOR +
          ' or newer to install its packages; this is npm ' +
          version +
          '. Update it with: npm install --global npm@11',
  );
  process.exit(1);
}

function install() {
  checkNpm();
  say('Parley: installing its packages (once, a minute or two)…');
  var started = Date.now();
  var timer = setInterval(() => {
    say('Parley: still installing, ' + Math.round((Date.now() - started) / 1000) + ' s…');
  }, 15000);
  // Not `npm ci`: it refuses a lock file that lacks other systems' optional packages, and this one may. Versions are
  // those of the lock file either way. No package needs its install script, and two of them would download binaries
  // from outside the registry.
  var flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  child = childProcess.spawn('npm', ['install'].concat(flags), {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  child.on('exit', (code) => {
    clearInterval(timer);
    child = null;
    if (received) return endBy(received);
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
  child = childProcess.spawn(pinnedNode(), args, { cwd: root, stdio: 'inherit' });
  child.on('exit', (code, signal) => {
    if (signal) return endBy(signal);
    // What the system says itself: which library it lacks.
    if (code === 127) say('On Debian, the Node that Parley brings needs the package libatomic1.');
    process.exit(code === null ? 1 : code);
  });
}

if (installed()) run();
else install();

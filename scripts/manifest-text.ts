import { Document, type Scalar } from 'yaml';
import { buildManifest } from '../src/bot/manifest.ts';

const INTRODUCTION = `# The Slack app. Create one at https://api.slack.com/apps > "Create New App" > "From a manifest", and paste this.
# Printed by: npm run manifest (over HTTP: npm run manifest -- --http; short commands: SLACK_COMMANDS).
`;

/** The manifest as YAML. */
export const manifestText = (options: Parameters<typeof buildManifest>[0]): string => {
  const document = new Document(buildManifest(options));
  const longest = document.getIn(['display_information', 'long_description'], true) as Scalar;
  longest.type = 'BLOCK_FOLDED';
  return INTRODUCTION + document.toString({ lineWidth: 120 });
};

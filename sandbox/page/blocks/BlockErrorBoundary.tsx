import { Component, type ComponentChildren } from 'preact';
import { blockKit } from '../sentences.ts';

/** Shows a sentence in place of a block that throws while it is drawn. */
export class BlockErrorBoundary extends Component<
  { type: string; children: ComponentChildren },
  { failed: boolean }
> {
  override state = { failed: false };

  static override getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <p class="block-failed">{blockKit.brokenBlock(this.props.type)}</p>;
  }
}

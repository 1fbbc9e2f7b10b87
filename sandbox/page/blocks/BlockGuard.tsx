import { Component, type ComponentChildren } from 'preact';

/** One block that cannot be drawn costs a line, not the page. */
export class BlockGuard extends Component<
  { type: string; children: ComponentChildren },
  { failed: boolean }
> {
  override state = { failed: false };

  static override getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <p class="block-failed">A block of type “{this.props.type}” is here; it could not be drawn.</p>;
  }
}

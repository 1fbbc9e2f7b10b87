import { Component, type ReactNode } from 'react';

/** One block that cannot be drawn costs a line, not the page. */
export class BlockGuard extends Component<{ type: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <p className="block-failed">A block of type “{this.props.type}” is here; it could not be drawn.</p>
    );
  }
}

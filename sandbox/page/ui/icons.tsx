import type { ComponentChildren } from 'preact';

/** Line icons in the colour of the text; always beside a name, so hidden from screen readers. */
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <g fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">
        {children}
      </g>
    </svg>
  );
}

export const HashIcon = () => (
  <Icon>
    <path d="M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.8 7.5h13M3.2 12.5h13" />
  </Icon>
);
export const ThreadIcon = () => (
  <Icon>
    <path d="M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5zM7 8h6M7 10.5h4" />
  </Icon>
);
export const SendIcon = () => (
  <Icon>
    <path d="M3.5 10 16.8 3.8 12.6 16.6 9.6 11.1zM9.6 11.1l3.2-3.2" />
  </Icon>
);
export const AttachIcon = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="m5.5 8 4.5 4.5L14.5 8" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m4.5 10.5 3.8 3.8 7.2-8.2" />
  </Icon>
);
export const MenuIcon = () => (
  <Icon>
    <path d="M3.5 5.5h13M3.5 10h13M3.5 14.5h13" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M10 3.5v9m-3.7-3.6L10 12.6l3.7-3.7M4 16.3h12" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M5 3h6.5L15 6.5V17H5zM11.2 3v3.8H15" />
  </Icon>
);
export const AudioIcon = () => (
  <Icon>
    <path d="M4 8.5v3M7 6v8M10 3.5v13M13 6.5v7M16 8.5v3" />
  </Icon>
);
export const FilmIcon = () => (
  <Icon>
    <path d="M3.5 5h13v10h-13zM8.5 8v4l3.5-2z" />
  </Icon>
);
export const BoltIcon = () => (
  <Icon>
    <path d="M11 2.8 5 11.2h4.2L8.6 17.2 15 8.6h-4.4z" />
  </Icon>
);
export const PlugIcon = () => (
  <Icon>
    <path d="M7 3.5v3.2M13 3.5v3.2M5.2 6.7h9.6v2.8a4.8 4.8 0 0 1-9.6 0zM10 14.3v2.9" />
  </Icon>
);
export const WarnIcon = () => (
  <Icon>
    <path d="M10 3.5 17.3 16H2.7zM10 8.3v3.4M10 13.7v.1" />
  </Icon>
);
export const PlayIcon = () => (
  <Icon>
    <path d="M6.5 4.2v11.6L15.5 10z" fill="currentColor" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="M10 4v12m-4.5-4.5L10 16l4.5-4.5" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path stroke-width="2.6" d="M4.5 10h.01M10 10h.01M15.5 10h.01" />
  </Icon>
);
export const PhoneIcon = () => (
  <Icon>
    <path d="M6.6 3.4 4.4 4.3c-.7.3-1 .9-.9 1.7.7 5.6 4.9 9.8 10.5 10.5.8.1 1.4-.2 1.7-.9l.9-2.2-3.6-2.2-1.7 1.5c-1.6-.8-2.9-2.1-3.7-3.7l1.5-1.7z" />
  </Icon>
);
export const PhoneDownIcon = () => (
  <Icon>
    <path d="M2.8 12.3c-.3-.8-.2-1.5.4-2 3.9-3.3 9.7-3.3 13.6 0 .6.5.7 1.2.4 2l-.7 1.7-3.8-.7-.2-2.2c-1.6-.5-3.4-.5-5 0l-.2 2.2-3.8.7z" />
  </Icon>
);
export const KeypadIcon = () => (
  <Icon>
    <path
      stroke-width="2.6"
      d="M5 4.5h.01M10 4.5h.01M15 4.5h.01M5 10h.01M10 10h.01M15 10h.01M5 15.5h.01M10 15.5h.01M15 15.5h.01"
    />
  </Icon>
);
export const MicrophoneIcon = () => (
  <Icon>
    <path d="M10 3a2.3 2.3 0 0 1 2.3 2.3v4a2.3 2.3 0 0 1-4.6 0v-4A2.3 2.3 0 0 1 10 3zM5 9.2a5 5 0 0 0 10 0M10 14.2V17" />
  </Icon>
);
export const MutedIcon = () => (
  <Icon>
    <path d="M12.3 8V5.3a2.3 2.3 0 0 0-4.5-.7M7.7 8v1.3a2.3 2.3 0 0 0 3.7 1.8M5 9.2a5 5 0 0 0 8 4M15 9.2c0 .6-.1 1.1-.3 1.6M10 14.2V17M4 3.5l12.5 13" />
  </Icon>
);
export const UpIcon = () => (
  <Icon>
    <path d="M10 16V4m-4.5 4.5L10 4l4.5 4.5" />
  </Icon>
);

import { Icon, type IconName } from './Icon.tsx';

export function DeviceChoice(props: {
  icon: IconName;
  label: string;
  devices: readonly MediaDeviceInfo[];
  chosen: string | null;
  onChoose: (deviceId: string) => void;
}) {
  const { devices, label } = props;
  if (devices.length === 0) return null;
  return (
    <label class="device">
      <Icon name={props.icon} />
      <span class="for-readers">{label}</span>
      <select
        value={
          devices.some(({ deviceId }) => deviceId === props.chosen) ? props.chosen! : devices[0]!.deviceId
        }
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        {devices.map(({ deviceId, label: name }, index) => (
          <option key={deviceId} value={deviceId}>
            {name || `${label} ${index + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
}

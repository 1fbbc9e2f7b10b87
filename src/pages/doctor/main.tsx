import { render } from 'preact';
import '../shared/styles/base.css';
import '../shared/styles/buttons.css';
import './doctor.css';
import { parsePageLink } from '../shared/page-link.ts';
import { DoctorPage } from './DoctorPage.tsx';

render(<DoctorPage socketUrl={parsePageLink(location.href).socketUrl} />, document.getElementById('page')!);

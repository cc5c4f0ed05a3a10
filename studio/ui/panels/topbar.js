// The bar: what this is, which model answers, what it runs on.

import { h, icon } from './dom.js';
import { follow, remember } from './live.js';

export function mount(element, { props, trigger, watch }) {
  const model = h('select', {
    id: 'ms-model',
    title: 'The model that answers',
    onchange: () => trigger('pick', { bundle: model.value }),
  });
  const licence = h('span', { class: 'ms-licence' });
  const device = h('span', { class: 'ms-device' });

  let page = '';
  let unfollow = () => {};

  function render() {
    remember(props.value.project);
    if (props.value.page && props.value.page !== page) {
      unfollow();
      page = props.value.page;
      unfollow = follow(
        page,
        () => trigger('look', {}),
        () => {},
      );
    }
    const { models, chosen, device: runs } = props.value;
    model.replaceChildren(...models.map(({ name, label }) => h('option', { value: name }, label)));
    model.hidden = models.length === 0;
    if (chosen) model.value = chosen;
    const now = models.find(({ name }) => name === chosen);
    licence.textContent = now ? now.licence : 'No model is installed';
    licence.title = now ? now.note : 'Add one with: motion-studio bundle add FOLDER';
    licence.classList.toggle('ms-restricted', Boolean(now?.restricted) || !now);
    device.replaceChildren(icon('chip'), runs.label);
    device.title = runs.note;
  }

  watch('value', render);
  element
    .querySelector('.ms-root')
    .replaceChildren(
      h(
        'div',
        { class: 'ms-bar' },
        h('h1', { class: 'ms-brand' }, icon('figure', 18), 'Motion Studio'),
        h('span', { class: 'ms-bar-space' }),
        h('label', { class: 'ms-label', for: 'ms-model' }, 'Model'),
        model,
        licence,
        device,
      ),
    );
  render();
}

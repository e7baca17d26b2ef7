"""The watch itself: it notices what it is there for, or every other test here would prove less than it says."""

import pytest

from tests.browser.watch import Watch

pytestmark = pytest.mark.browser

MISDEEDS = {
    "a warning": ("console.warn('demo')", "warning: demo"),
    "an error in a script": ("setTimeout(() => { throw new Error('demo'); })", "script: "),
    "a missing file": ("fetch('/static/nothing.js')", "404: GET"),
    "a picture from another host": ("new Image().src = 'http://198.51.100.1/x.png'", "198.51.100.1"),
}


@pytest.mark.parametrize(("script", "told"), MISDEEDS.values(), ids=MISDEEDS)
def test_watch_notices(chromium, console, script, told):
    context = chromium.new_context(base_url=console.origin, locale="zh-CN")
    watch = Watch(context, console.origin)
    page = context.new_page()
    page.goto("/login/")
    assert watch.faults == []

    page.evaluate(f"() => {{ {script}; }}")
    page.wait_for_timeout(1000)

    assert any(told in fault for fault in watch.faults), watch.faults
    context.close()

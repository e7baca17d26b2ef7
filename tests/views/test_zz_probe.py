import shutil, time, pytest, sys
from tests.views.world import *
EV=EVERYBODY
@pytest.fixture(scope="module")
def world(sqlite_template, tmp_path_factory):
    folder=tmp_path_factory.mktemp("w"); f=folder/"t.db"; shutil.copy(sqlite_template,f)
    t=time.time()
    with a_world(f"sqlite:///{f}", folder) as w:
        print("world", time.time()-t)
        yield w
def test_it(world):
    w=world; own=w.own
    def target(rule):
        p=own.projects
        if rule.startswith("/projects"):
            for k,s in (("approve","ready"),("return","ready"),("transfer","ready"),("unlock","approved"),("void","approved")):
                if f"/{k}/" in rule: return p[s]
            return p["draft"]
        if rule.startswith("/enterprises"): return own.enterprise
        if rule.startswith("/organizations"): return own.organization
        if rule.startswith("/reviews"): return own.review
        if rule.startswith("/attachments"): return own.scan
        if rule.startswith("/mandates"): return own.mandate
        if rule.startswith("/counter"): return p["ready"]
    import re
    watch=Watch(w); t=time.time(); n=0
    print("%-46s"%"", *("%-5s"%e[:5] for e in EV))
    for r in sorted(w.app.url_map.iter_rules(), key=lambda r:r.rule):
        path=r.rule.replace("<string:name>","claim").replace("<slot>","approval_document").replace("<number>","1").replace("<string:locale>","en").replace("<path:filename>","nope")
        path=path.replace("<pk>", str(target(r.rule)))
        for m in ("GET","POST"):
            if m not in r.methods: continue
            out=[]
            for who in EV:
                a=w.get(who,path) if m=="GET" else w.post(who,path); n+=1
                c=str(a.status_code)
                if c=="302":
                    loc=a.location
                    c="login" if loc.startswith("/login") else "gate" if loc.startswith("/password") else loc[:12]
                if watch.written():
                    if m=="GET": c+="!"
                    w.restore(); watch.written()
                out.append(c)
            print("%-4s %-46s"%(m,r.rule), *("%-5s"%e for e in out))
    print(n, time.time()-t)

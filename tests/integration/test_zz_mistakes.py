import sys, os, time, importlib.util, collections
sys.path.insert(0,"/work/main"); sys.path.insert(0,"/tmp")
spec=importlib.util.spec_from_file_location("sm","/work/main/tests/integration/trial_reports/pipeline/test_state_machine.py")
sm=importlib.util.module_from_spec(spec); spec.loader.exec_module(sm)
from hypothesis import settings as hs, Phase
import more_mistakes, pytest
new_product=sm.new_product
N=[0]
td=sm.Weeks.teardown
def t(self):
    N[0]+=1
    td(self)
sm.Weeks.teardown=t
@pytest.mark.parametrize("m", list(more_mistakes.BREAKAGES), ids=lambda m:m.__name__)
def test_m(new_product, m):
    def mistaken():
        p=new_product(); m(p); return p
    N[0]=0; t0=time.time(); said="NOT FOUND"
    try: sm.search(lambda: sm.Weeks(mistaken), hs(sm.SEARCH,max_examples=int(os.environ.get("N","80")),derandomize=False,phases=[Phase.generate]))
    except BaseException as e:
        said=f"{type(e).__name__}: {str(e)[:200]}"
    print("\nRESULT", m.__name__, N[0], round(time.time()-t0,1), said)

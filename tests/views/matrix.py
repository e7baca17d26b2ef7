"""Who gets what from which address, on a row of 甲方: one line per address and method, one column per person.

A new address needs a line here. The people are those of tests/views/world.py; the row at hand (TARGETS) belongs to
`owner` and lies in the bureau of all staff but `elsewhere`. Answers: a status code, `in` to sign-in, `pw` to the
change of password, `go` any other page of ours. Forms are sent empty but for their token and the row's version.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PEOPLE = (
    "anonymous", "gated", "owner", "stranger", "clerk", "reviewer", "elsewhere", "matter", "manager", "admin",
    "root", "auditor", "hats",
)  # fmt: skip

#                                                anon pw  own str clk rev els mat man adm rt  aud hats
PUBLIC = """
GET  /                                            200  pw 200 200 200 200 200 200 200 200 200  go 200
GET  /api/v1/lookup/<number>                      200 200 200 200 200 200 200 200 200 200 200 200 200
GET  /api/v1/changes                              401 401 401 401 401 401 401 401 401 401 401 401 401
GET  /api/v1/openapi.json                         401 403 401 401 200 200 200 200 200 200 200 200 200
GET  /api/v1/projects/<number>                    401 401 401 401 401 401 401 401 401 401 401 401 401
GET  /api/v1/projects/<number>/matters/<matter>   401 401 401 401 401 401 401 401 401 401 401 401 401
PUT  /api/v1/projects/<number>/matters/<matter>   401 401 401 401 401 401 401 401 401 401 401 401 401
GET  /back                                         go  pw  go  go  go  go  go  go  go  go  go  go  go
GET  /forms/<name>                                200  pw 200 200 200 200 200 200 200 200 200 200 200
GET  /healthz                                     200 200 200 200 200 200 200 200 200 200 200 200 200
GET  /help/                                       200  pw 200 200 200 200 200 200 200 200 200 200 200
GET  /lang/<string:locale>                         go  go  go  go  go  go  go  go  go  go  go  go  go
GET  /login/                                      200  pw  go  go  go  go  go  go  go  go  go  go  go
POST /login/                                      200 403 200 200 200 200 200 200 200 200 200 200 200
POST /logout/                                      go  go  go  go  go  go  go  go  go  go  go  go  go
GET  /lookup/                                     200  pw 200 200 200 200 200 200 200 200 200 200 200
GET  /password/                                    in 200 200 200 200 200 200 200 200 200 200 200 200
POST /password/                                    in 422 422 422 422 422 422 422 422 422 422 422 422
GET  /readyz                                      200 200 200 200 200 200 200 200 200 200 200 200 200
GET  /register/                                   200  pw  go  go  go  go  go  go  go  go  go  go  go
POST /register/                                   422 403  go  go  go  go  go  go  go  go  go  go  go
GET  /verify/                                     200  pw 200 200 200 200 200 200 200 200 200 200 200
GET  /verify/<code>                               404  pw 404 404 404 404 404 404 404 404 404 404 404
GET  /static/<path:filename>                      200 200 200 200 200 200 200 200 200 200 200 200 200
GET  /static/appbuilder/<path:filename>           200 200 200 200 200 200 200 200 200 200 200 200 200
"""

#                                                anon pw  own str clk rev els mat man adm rt  aud hats
RECORDS = """
GET  /enterprises/list/                            in  pw  go  go 200 200 200 403 200 200 200 403 200
POST /enterprises/check                            in 403 200 200 403 403 403 403 403 403 403 403 403
GET  /enterprises/unsaved                          in  pw 200 200 403 403 403 403 403 403 403 403 403
POST /enterprises/unsaved                          in 403 200 200 403 403 403 403 403 403 403 403 403
POST /enterprises/unsaved/drop                     in 403  go  go 403 403 403 403 403 403 403 403 403
GET  /enterprises/add                              in  pw  go  go 403 403 403 403 403 403 403 403 403
POST /enterprises/add                              in 403 422 422 403 403 403 403 403 403 403 403 403
GET  /enterprises/show/<pk>                        in  pw 200 404 200 200 404 403 200 200 200 403 200
GET  /enterprises/paper/<pk>/<sheet>               in  pw 200 404 200 200 404 403 200 200 200 403 200
GET  /enterprises/notes/<pk>                       in  pw 403 403 403 200 404 403 403 200 200 403 200
POST /enterprises/notes/<pk>                       in 403 403 403 403 422 404 403 403 422 422 403 422
GET  /enterprises/edit/<pk>                        in  pw  go 404 403 403 403 403 403 403 403 403 403
POST /enterprises/edit/<pk>                        in 403 422 404 403 403 403 403 403 403 403 403 403
POST /enterprises/delete/<pk>                      in 403  go 404 403 403 403 403 403 403 403 403 403
POST /enterprises/action/<string:name>/<pk>        in 403 403 403 403  go 404 403 403 403 403 403  go
POST /enterprises/action_post                      in 403 403 403 403  go 404 403 403 403 403 403  go
GET  /enterprises/many/<step>                      in  pw 403 403 403  go  go 403 403 403 403 403  go
GET  /enterprises/export                           in  pw 403 403 403 200 200 403 200 200 200 403 200
POST /enterprises/export                           in 403 403 403 403 200 200 403 200 200 200 403 200
POST /enterprises/<pk>/attachments/<slot>          in 403  go 404 403 403 403 403 403 403 403 403 403
GET  /enterprises/approve/<pk>                     in  pw 403 403 403 200 404 403 403 403 403 403 200
POST /enterprises/approve/<pk>                     in 403 403 403 403 422 404 403 403 403 403 403 422
GET  /enterprises/return/<pk>                      in  pw 403 403 403 200 404 403 403 403 403 403 200
POST /enterprises/return/<pk>                      in 403 403 403 403 422 404 403 403 403 403 403 422
GET  /enterprises/transfer/<pk>                    in  pw 403 403 403 200 404 403 403 200 200 403 200
POST /enterprises/transfer/<pk>                    in 403 403 403 403 422 404 403 403 422 422 403 422
GET  /enterprises/take_back/<pk>                  in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /enterprises/take_back/<pk>                  in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /enterprises/assign/<pk>                     in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /enterprises/assign/<pk>                     in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /enterprises/unlock/<pk>                      in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /enterprises/unlock/<pk>                      in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /enterprises/void/<pk>                        in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /enterprises/void/<pk>                        in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /projects/list/                               in  pw 200 200 200 200 200 200 200 200 200 403 200
POST /projects/check                               in 403 200 200 403 403 403 403 403 403 403 403 403
GET  /projects/unsaved                             in  pw 200 200 403 403 403 403 403 403 403 403 403
POST /projects/unsaved                             in 403 200 200 403 403 403 403 403 403 403 403 403
POST /projects/unsaved/drop                        in 403  go  go 403 403 403 403 403 403 403 403 403
GET  /projects/add                                 in  pw 200 200 403 403 403 403 403 403 403 403 403
POST /projects/add                                 in 403 422 422 403 403 403 403 403 403 403 403 403
GET  /projects/show/<pk>                           in  pw 200 404 200 200 404 404 200 200 200 403 200
GET  /projects/paper/<pk>/<sheet>                  in  pw 200 404 200 200 404 404 200 200 200 403 200
GET  /projects/notes/<pk>                          in  pw 403 403 200 200 404 403 403 200 200 403 200
POST /projects/notes/<pk>                          in 403 403 403 422 422 404 403 403 422 422 403 422
GET  /projects/edit/<pk>                           in  pw 200 404 403 403 403 403 403 403 403 403 403
POST /projects/edit/<pk>                           in 403  go 404 403 403 403 403 403 403 403 403 403
POST /projects/delete/<pk>                         in 403  go 404 403 403 403 403 403 403 403 403 403
POST /projects/action/<string:name>/<pk>           in 403 403 403 403  go 404 403 403 403 403 403  go
POST /projects/action_post                         in 403 403 403 403  go 404 403 403 403 403 403  go
GET  /projects/many/<step>                         in  pw 403 403  go  go  go 403 403 403 403 403  go
GET  /projects/export                              in  pw 200 200 403 200 200 403 200 200 200 403 200
POST /projects/export                              in 403 200 200 403 200 200 403 200 200 200 403 200
POST /projects/<pk>/attachments/<slot>             in 403  go 404 403 403 403 403 403 403 403 403 403
GET  /projects/approve/<pk>                        in  pw 403 403 403 200 404 403 403 403 403 403 200
POST /projects/approve/<pk>                        in 403 403 403 403  go 404 403 403 403 403 403  go
GET  /projects/return/<pk>                         in  pw 403 403 200 200 404 403 403 403 403 403 200
POST /projects/return/<pk>                         in 403 403 403 422 422 404 403 403 403 403 403 422
GET  /projects/transfer/<pk>                       in  pw 403 403 403 200 404 403 403 200 200 403 200
POST /projects/transfer/<pk>                       in 403 403 403 403 422 404 403 403 422 422 403 422
GET  /projects/take_back/<pk>                     in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /projects/take_back/<pk>                     in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /projects/assign/<pk>                        in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /projects/assign/<pk>                        in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /projects/unlock/<pk>                         in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /projects/unlock/<pk>                         in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /projects/void/<pk>                           in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /projects/void/<pk>                           in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /projects/allow_duplicate/<pk>                in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /projects/allow_duplicate/<pk>                in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /attachments/<pk>                             in  pw 200 404 200 200 404 403 403 200 200 403 200
GET  /attachments/<pk>/pages/<number>              in  pw 200 404 200 200 404 403 403 200 200 403 200
POST /attachments/<pk>/remove                      in 403  go 404 403 403 403 403 403 403 403 403 403
"""

#                                                anon pw  own str clk rev els mat man adm rt  aud hats
DESKS = """
GET  /counter/                                     in  pw 403 403 200 403 403 403 403 403 403 403 200
GET  /counter/<pk>                                 in  pw 403 403 200 403 403 403 403 403 403 403 200
POST /counter/<pk>/hand_over                       in 403 403 403 409 403 403 403 403 403 403 403 409
POST /counter/<pk>/mandate                         in 403 403 403 200 403 403 403 403 403 403 403 200
POST /counter/<pk>/originals                       in 403 403 403 200 403 403 403 403 403 403 403 200
POST /returned_form/drop                           in 403  go  go  go  go  go  go  go  go  go  go  go
GET  /workloads/                                  in  pw 403 403 403 403 403 403 200 200 200 403 200
GET  /workloads/<pk>                              in  pw 403 403 403 403 403 403 200 200 200 403 200
POST /saved_views/add                              in 403 400 400 400 400 400 400 400 400 400 400 400
POST /saved_views/delete/<pk>                      in 403 404 404 404 404 404 404 404 404 404 404 404
GET  /exports/                                     in  pw 200 200 403 200 200 403 200 200 200 403 200
GET  /exports/<pk>/download                        in  pw 404 404 403 404 404 403 200 404 404 403 404
GET  /imports/                                     in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /imports/template/<kind>                      in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /imports/check                                in 403 403 403 403 403 403 403 403 404 404 403 404
POST /imports/annotated                            in 403 403 403 403 403 403 403 403 400 400 403 400
POST /imports/store                                in 403 403 403 403 403 403 403 403 400 400 403 400
GET  /inbox/                                       in  pw 200 200 403 403 403 403 403 403 403 403 403
GET  /inbox/show/<pk>                              in  pw 200 404 403 403 403 403 403 403 403 403 403
POST /inbox/read                                   in 403  go 404 403 403 403 403 403 403 403 403 403
GET  /audit/list/                                  in  pw 403 403 403 403 403 403 403 403 403 200 403
GET  /audit/show/<pk>                              in  pw 403 403 403 403 403 403 403 403 403 200 403
GET  /mandates/list/                               in  pw 403 403 200 200 200 403 403 200 200 403 200
GET  /mandates/show/<pk>                           in  pw 403 403 200 200 404 403 403 200 200 403 200
GET  /notices/list/                                in  pw 403 403 200 403 403 403 403 200 200 403 200
GET  /notices/show/<pk>                            in  pw 403 403 200 403 403 403 403 200 200 403 200
GET  /matters/list/                                in  pw 200 200 403 200 200 200 200 200 200 403 200
GET  /matters/show/<pk>                            in  pw 200 404 403 200 404 200 200 200 200 403 200
POST /matters/step/<pk>                            in 403 403 403 403 403 403  go 403 403 403 403  go
GET  /matters/record/<pk>                          in  pw 403 403 403 403 403 200 403 403 403 403 200
POST /matters/record/<pk>                          in 403 403 403 403 403 403 422 403 403 403 403 422
GET  /unitworks/list/                              in  pw 200 200 200 200 200 200 200 200 200 403 200
GET  /unitworks/show/<pk>                          in  pw 200 404 200 200 404 200 200 200 200 403 200
GET  /unitworks/edit/<pk>                          in  pw  go 404 403 403 403 403 403 403 403 403 403
GET  /unitworks/unit/<pk>                          in  pw  go 404 403 403 403 403 403 403 403 403 403
POST /unitworks/unit/<pk>                          in 403 422 404 403 403 403 403 403 403 403 403 403
POST /unitworks/remove/<pk>                        in 403  go 404 403 403 403 403 403 403 403 403 403
POST /unitworks/submit/<pk>                        in 403  go 404 403 403 403 403 403 403 403 403 403
POST /unitworks/approve/<pk>                       in 403 403 403 403  go 404 403 403 403 403 403  go
POST /unitworks/return/<pk>                        in 403 403 403 403 422 404 403 403 403 403 403 422
POST /unitworks/unlock/<pk>                        in 403 403 403 403 403 403 403 403  go  go 403  go
GET  /pushes/list/                                 in  pw 403 403 403 200 200 403 200 200 200 403 200
GET  /pushes/show/<pk>                             in  pw 403 403 403 200 404 403 200 200 200 403 200
GET  /pushes/reconciliation                        in  pw 403 403 403 200 200 403 200 200 200 403 200
POST /pushes/replay/<pk>                           in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /numbers/inspection                           in  pw 403 403 200 200 200 403 200 200 200 403 200
GET  /numbers/list/                                in  pw 403 403 200 200 200 403 200 200 200 403 200
GET  /numbers/show/<pk>                            in  pw 403 403 200 200 404 403 200 200 200 403 200
GET  /numbers/export                               in  pw 403 403 403 200 200 403 200 200 200 403 200
POST /numbers/export                               in 403 403 403 403 200 200 403 200 200 200 403 200
POST /numbers/action/<string:name>/<pk>           404 403 404 404 404 404 404 404 404 404 404 404 404
POST /numbers/action_post                         404 403 404 404 404 404 404 404 404 404 404 404 404
GET  /organizations/list/                          in  pw 403 403 200 200 200 403 200 200 200 403 200
GET  /organizations/show/<pk>                      in  pw 403 403 200 200 404 403 200 200 200 403 200
POST /mandates/revoke/<pk>                         in 403 403 403  go 403 403 403 403 403 403 403  go
GET  /counter/log/                                 in  pw 403 403 200 403 403 403 403 403 403 403 200
GET  /counter/log/<day>                            in  pw 403 403 200 403 403 403 403 403 403 403 200
GET  /calls/                                       in  pw 403 403 200 200 200 403 403 200 200 403 200
GET  /calls/<pk>                                   in  pw 403 403 200 200 404 403 403 200 200 403 200
POST /calls/<pk>/note                              in 403 403 403 422 422 404 403 403 422 422 403 422
POST /calls/<pk>/resend                            in 403 403 403 404 403 403 403 403 404 404 403 404
POST /calls/<pk>/unlock                            in 403 403 403  go 403 403 403 403  go  go 403  go
GET  /accountrequests/list/                        in  pw 403 403 200 403 403 403 403 200 200 403 200
GET  /accountrequests/show/<pk>                    in  pw 403 403 200 403 403 403 403 200 200 403 200
GET  /accountrequests/reset/<pk>                   in  pw 403 403  go 403 403 403 403 403 403 403  go
POST /accountrequests/reset/<pk>                   in 403 403 403  go 403 403 403 403 403 403 403  go
GET  /accountrequests/reclaim/<pk>                 in  pw 403 403  go 403 403 403 403 403 403 403  go
POST /accountrequests/reclaim/<pk>                 in 403 403 403  go 403 403 403 403 403 403 403  go
POST /accountrequests/confirm/<pk>                 in 403 403 403 403 403 403 403 403 422 422 403 422
POST /accountrequests/refuse/<pk>                  in 403 403 403 403 403 403 403 403 422 422 403 422
POST /accountrequests/acknowledge/<pk>            in 403 403 403  go 403 403 403 403  go  go 403  go
GET  /pendingacts/list/                            in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /pendingacts/show/<pk>                        in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /pendingacts/confirm/<pk>                     in 403 403 403 403 403 403 403 403  go  go 403  go
POST /pendingacts/withdraw/<pk>                   in 403 403 403 403 403 403 403 403  go  go 403  go
POST /pendingacts/refuse/<pk>                      in 403 403 403 403 403 403 403 403  go 422 403 422
POST /pendingacts/action/<string:name>/<pk>       404 403 404 404 404 404 404 404 404 404 404 404 404
POST /pendingacts/action_post                     404 403 404 404 404 404 404 404 404 404 404 404 404
GET  /reports/                                     in  pw 403 403 403 403 403 403 200 200 200 403 200
GET  /reports/rows                                 in  pw 403 403 403 403 403 403 404 404 404 403 404
GET  /reports/show/<pk>                            in  pw 403 403 403 403 403 403 200 200 200 403 200
POST /reports/export                               in 403 403 403 403 403 403 403 200 200 200 403 200
POST /reports/issue                                in 403 403 403 403 403 403 403  go 403 403 403  go
GET  /organizations/add                            in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /organizations/add                            in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /organizations/edit/<pk>                      in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /organizations/edit/<pk>                      in 403 403 403 403 403 403 403 403  go  go 403  go
GET  /organizations/rename/<pk>                    in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /organizations/rename/<pk>                    in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /reviews/list/                                in  pw 200 200 200 200 200 403 200 200 200 403 200
GET  /reviews/show/<pk>                            in  pw 200 404 200 200 404 403 200 200 200 403 200
GET  /reviews/export                               in  pw 403 403 403 200 200 403 200 200 200 403 200
POST /reviews/export                               in 403 403 403 403 200 200 403 200 200 200 403 200
POST /reviews/action/<string:name>/<pk>           404 403 404 404 404 404 404 404 404 404 404 404 404
POST /reviews/action_post                         404 403 404 404 404 404 404 404 404 404 404 404 404
GET  /simulator/sms/                               in  pw 403 403 200 200 200 200 200 200 200 200 200
GET  /simulator/province/                          in  pw 403 403 200 200 200 200 200 200 200 200 200
POST /simulator/province/mode                      in 403 403 403 403 403 403 403 403  go  go 403  go
GET  /simulator/municipal/                         in  pw 403 403 200 200 200 200 200 200 200 200 200
POST /simulator/municipal/mode                     in 403 403 403 403 403 403 403 403  go  go 403  go
GET  /styleguide/                                  in  pw 403 403 200 200 200 200 200 200 200 200 200
GET  /worklist/next                                in  pw 403 403 403  go  go 403 403  go  go 403  go
GET  /worklist/                                    in  pw 403 403 403 200 200 403 403 200 200 403 200
"""

#                                                anon pw  own str clk rev els mat man adm rt  aud hats
UPKEEP = """
GET  /bureaus/list/                                 in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /bureaus/add                                   in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /bureaus/add                                   in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /bureaus/show/<pk>                             in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /bureaus/edit/<pk>                             in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /bureaus/edit/<pk>                             in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /regions/list/                                 in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /regions/add                                   in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /regions/add                                   in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /regions/show/<pk>                             in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /regions/edit/<pk>                             in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /regions/edit/<pk>                             in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /dictionaries/list/                            in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /dictionaries/add                              in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /dictionaries/add                              in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /dictionaries/show/<pk>                        in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /dictionaries/edit/<pk>                        in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /dictionaries/edit/<pk>                        in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /matteritems/list/                             in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /matteritems/add                               in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /matteritems/add                               in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /matteritems/show/<pk>                         in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /matteritems/edit/<pk>                         in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /matteritems/edit/<pk>                         in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /matterrules/list/                             in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /matterrules/show/<pk>                         in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /matterrules/edit/<pk>                         in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /matterrules/edit/<pk>                         in 403 403 403 403 403 403 403 403 403 409 403 403
GET  /requireddocuments/list/                       in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /requireddocuments/add                         in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /requireddocuments/add                         in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /requireddocuments/show/<pk>                   in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /requireddocuments/edit/<pk>                   in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /requireddocuments/edit/<pk>                   in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /returnreasons/list/                           in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /returnreasons/add                             in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /returnreasons/add                             in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /returnreasons/show/<pk>                       in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /returnreasons/edit/<pk>                       in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /returnreasons/edit/<pk>                       in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /calendar/list/                                in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /calendar/add                                  in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /calendar/add                                  in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /calendar/show/<pk>                            in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /calendar/edit/<pk>                            in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /calendar/edit/<pk>                            in 403 403 403 403 403 403 403 403 403 422 403 403
POST /calendar/delete/<pk>                          in 403 403 403 403 403 403 403 403 403  go 403 403
GET  /calendar/publish                              in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /calendar/publish                              in 403 403 403 403 403 403 403 403 403 422 403 403
GET  /contacts/list/                                in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /contacts/add                                  in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /contacts/add                                  in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /contacts/show/<pk>                            in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /contacts/edit/<pk>                            in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /contacts/edit/<pk>                            in 403 403 403 403 403 403 403 403 422 422 403 422
POST /contacts/delete/<pk>                          in 403 403 403 403 403 403 403 403  go  go 403  go
GET  /noticetemplates/list/                         in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /noticetemplates/show/<event>                  in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /noticetemplates/edit/<event>                  in  pw 403 403 403 403 403 403 403 403 200 403 403
POST /noticetemplates/edit/<event>                  in 403 403 403 403 403 403 403 403 403 422 403 403
POST /noticetemplates/restore/<event>               in 403 403 403 403 403 403 403 403 403  go 403 403
GET  /users/list/                                   in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /users/add                                     in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /users/add                                     in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /users/show/<pk>                               in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /users/edit/<pk>                               in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /users/edit/<pk>                               in 403 403 403 403 403 403 403 403 422 422 403 422
POST /users/unlock/<pk>                             in 403 403 403 403 403 403 403 403  go  go 403  go
POST /users/end_sessions/<pk>                       in 403 403 403 403 403 403 403 403  go  go 403  go
POST /users/password/<pk>                           in 403 403 403 403 403 403 403 403 200 200 403 200
GET  /apikeys/list/                                 in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /apikeys/add                                   in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /apikeys/add                                   in 403 403 403 403 403 403 403 403 422 422 403 422
GET  /apikeys/show/<pk>                             in  pw 403 403 403 403 403 403 403 200 200 403 200
POST /apikeys/revoke/<pk>                           in 403 403 403 403 403 403 403 403  go  go 403  go
GET  /roles/list/                                   in  pw 403 403 403 403 403 403 403 200 200 403 200
GET  /roles/show/<pk>                               in  pw 403 403 403 403 403 403 403 200 200 403 200
"""


@dataclass(frozen=True)
class Line:
    """What everybody gets from one address by one method."""

    method: str
    rule: str
    answers: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def _lines(text: str) -> list[Line]:
    found = []
    for line in text.strip().splitlines():
        method, rule, *answers = line.split()
        found.append(Line(method, rule, dict(zip(PEOPLE, answers, strict=True))))
    return found


LINES = [line for part in (PUBLIC, RECORDS, DESKS, UPKEEP) for line in _lines(part)]

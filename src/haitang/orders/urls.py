from django.urls import path

from haitang.orders import views

app_name = "orders"
urlpatterns = [
    path("services/", views.catalogue, name="catalogue"),
    path("services/<int:service_id>/", views.times, name="times"),
    path("services/<int:service_id>/contact/", views.contact, name="contact"),
    path("my-orders/", views.mine, name="mine"),
    path("my-orders/<int:order_id>/", views.my_order, name="my_order"),
    path("my-orders/<int:order_id>/<slug:deed>/", views.my_deed, name="my_deed"),
    path("offers/", views.offers, name="offers"),
    path("offers/pick/<int:order_id>/", views.pick, name="pick"),
    path("offers/<int:offer_id>/accept/", views.accept, name="accept"),
    path("offers/<int:offer_id>/decline/", views.decline, name="decline"),
    path("tasks/<int:order_id>/", views.task, name="task"),
    path("tasks/<int:order_id>/contact/", views.task_contact, name="task_contact"),
    path("tasks/<int:order_id>/<slug:deed>/", views.task_deed, name="task_deed"),
    path("orders/", views.board, name="board"),
    path("orders/new/", views.catalogue_staff, name="catalogue_staff"),
    path("orders/new/<int:service_id>/", views.times_staff, name="times_staff"),
    path("orders/new/<int:service_id>/contact/", views.contact_staff, name="contact_staff"),
    path("orders/plans/", views.plans, name="plans"),
    path("orders/plans/<int:dispatch_id>/", views.plan, name="plan"),
    path("orders/plans/<int:dispatch_id>/confirm/", views.plan_confirm, name="plan_confirm"),
    path("orders/proposals/<int:proposal_id>/", views.proposal, name="proposal"),
    path("orders/<int:order_id>/", views.order, name="order"),
    path("orders/<int:order_id>/contact/", views.unmask, name="unmask"),
    path("orders/<int:order_id>/offers/<int:offer_id>/<slug:name>/", views.answer, name="answer"),
    path("orders/<int:order_id>/<slug:name>/", views.deed, name="deed"),
    path("admin/services/", views.services, name="services"),
    path("admin/services/new/", views.service_new, name="service_new"),
    path("admin/services/<int:service_id>/", views.service, name="service"),
    path("admin/service-types/", views.types, name="types"),
    path("admin/service-types/new/", views.type_new, name="type_new"),
    path("admin/service-types/<slug:code>/", views.service_type, name="service_type"),
    path("admin/order-settings/", views.order_settings, name="settings"),
]

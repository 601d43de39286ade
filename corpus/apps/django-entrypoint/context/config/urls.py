from django.urls import path
from visits.views import count

urlpatterns = [path("count/", count)]

from django.http import JsonResponse
from visits.models import Visit


def count(request):
    Visit.objects.create()
    return JsonResponse({"visits": Visit.objects.count()})

"""The pages and the API of this room."""

urlpatterns = []
api_urlpatterns = []

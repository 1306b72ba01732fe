SELECT; -- Nothing yet.

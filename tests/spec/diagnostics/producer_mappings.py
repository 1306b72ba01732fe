"""Mappings of the six raw producers' files, in the form of the national importer."""

HOURS = {"semaine": "", "jours": [], "osm": ""}
MAPPINGS = {
    "raw_aix_13.json": None,
    "raw_gironde_33.json": {
        "nom": {"colonne": "Lieu"},
        "commune": {"colonne": "Commune"},
        "code_postal": {"colonne": ""},
        "adresse": {"colonne": "Adresse postale"},
        "courriels": {"colonne": "Email"},
        "telephone": {"colonne": "Téléphone"},
        "site_web": {"colonne": "Site internet"},
        "latitude": {"colonne": "Coord. X"},
        "longitude": {"colonne": "Coord. Y"},
        "date_maj": {"colonne": "Dernière MAJ"},
        "presentation_detail": {"colonne": "Description"},
        "services": [
            {
                "colonnes": ["services"],
                "termes": ["récréatives"],
                "cible": "Loisirs et créations numériques",
            },
            {
                "colonnes": ["services"],
                "termes": ["démarches"],
                "cible": "Aide aux démarches administratives",
            },
            {
                "colonnes": ["services"],
                "termes": ["utiliser", "prendre en main", "ordinateur"],
                "cible": "Maîtrise des outils numériques du quotidien",
            },
            {
                "colonnes": ["services", "equipements"],
                "termes": ["connexion", "matériel", "ordinateur"],
                "cible": "Accès internet et matériel informatique",
            },
        ],
        "dispositif_programmes_nationaux": [
            {
                "colonnes": ["Type Structure"],
                "termes": ["france services"],
                "cible": "France Services",
            }
        ],
        "source": {"colonne": "", "defaut": "Gironde"},
    },
    "raw_corse.json": {
        "nom": {"colonne": "Structure"},
        "commune": {"colonne": ""},
        "code_postal": {"colonne": ""},
        "adresse": {"colonne": "Adresse"},
        "latitude": {"dissocier": {"colonne": "pointgeo", "séparateur": ",", "partie": 0}},
        "longitude": {"dissocier": {"colonne": "pointgeo", "séparateur": ",", "partie": 1}},
        "telephone": {"colonne": "N° de téléphone"},
        "courriels": {"colonne": "Adresse e-mail"},
        "site_web": {"colonne": "Site internet"},
        "horaires": {**HOURS, "semaine": "Horaires"},
        "services": [{"cible": "Maîtrise des outils numériques du quotidien"}],
        "dispositif_programmes_nationaux": [
            {"colonnes": ["Conseiller numérique"], "cible": "Conseillers numériques"}
        ],
        "source": {"defaut": "Corse"},
    },
    "raw_fibre64.json": {
        "nom": {"colonne": "Nomdelastructure"},
        "commune": {"colonne": "Ville"},
        "code_postal": {"colonne": "Codepostal"},
        "code_insee": {"colonne": "result_citycode"},
        "adresse": {"colonne": ["Adressenumeronomdelavoie", "result_name"]},
        "latitude": {"colonne": "latitude"},
        "longitude": {"colonne": "longitude"},
        "telephone": {"colonne": "Telephone"},
        "courriels": {"colonne": "Adressemail"},
        "site_web": {"colonne": "SiteWeb"},
        "horaires": {**HOURS, "semaine": "Leshorairesdemastructure"},
        "services": [
            {
                "colonnes": ["Demarchesadministratives"],
                "termes": ["souvent", "temps en temps"],
                "cible": "Aide aux démarches administratives",
            },
            {
                "colonnes": ["Accesadesequipementsetuneconnexioninternet"],
                "termes": ["souvent"],
                "cible": "Accès internet et matériel informatique",
            },
        ],
        "itinerance": [{"colonnes": ["Enitinerance"], "cible": "Itinérant"}],
        "source": {"defaut": "Fibre 64"},
    },
    "raw_hub_lo_centre.json.gz": {
        "id": {"colonne": "c_gid"},
        "nom": {"colonne": "c_nom"},
        "commune": {"colonne": "c_city"},
        "code_postal": {"colonne": "c_postcode"},
        "adresse": {"colonne": "c_adresse"},
        "latitude": {"colonne": "c_lat_coor1"},
        "longitude": {"colonne": "c_long_coor1"},
        "telephone": {"colonne": ["c_telephone", "c_mobile"]},
        "courriels": {"colonne": "c_courriel"},
        "site_web": {"colonne": "c_site_web"},
        "date_maj": {"colonne": "c__edit_datemaj"},
        "horaires": {**HOURS, "semaine": "c_horaire_ouverture"},
        "typologie": [
            {"colonnes": ["c_epn"], "termes": ["true"], "cible": "EPN"},
            {"colonnes": ["c_mediatheque"], "termes": ["true"], "cible": "BIB"},
            {"colonnes": ["c_fablab"], "termes": ["true"], "cible": "FABLAB"},
            {"colonnes": ["c_mairie"], "termes": ["true"], "cible": "MUNI"},
        ],
        "services": [
            {
                "colonnes": ["c_materiel_info"],
                "termes": ["oui"],
                "cible": "Accès internet et matériel informatique",
            },
            {
                "colonnes": ["c_formation"],
                "termes": ["oui"],
                "cible": "Maîtrise des outils numériques du quotidien",
            },
        ],
        "source": {"defaut": "Hub-Lo"},
    },
    "raw_mulhouse_68.json": {
        "nom": {"colonne": "nom_structure"},
        "commune": {"colonne": "commune"},
        "code_postal": {"colonne": "code_postal"},
        "adresse": {"colonne": "adresse"},
        "complement_adresse": {"colonne": "compl_adresse"},
        "latitude": {"dissocier": {"colonne": "geom", "séparateur": ",", "partie": 0}},
        "longitude": {"dissocier": {"colonne": "geom", "séparateur": ",", "partie": 1}},
        "telephone": {"colonne": "telephone"},
        "courriels": {"colonne": "adresse_mail"},
        "site_web": {"colonne": "site_web"},
        "horaires": {**HOURS, "semaine": "jours_horaires_ouverture"},
        "services": [
            {
                "colonnes": ["acces_equipement_numerique_et_internet"],
                "termes": ["oui"],
                "cible": "Accès internet et matériel informatique",
            },
            {
                "colonnes": ["accompagnement_pour_des_demarches_en_ligne"],
                "termes": ["oui"],
                "cible": "Aide aux démarches administratives",
            },
            {
                "colonnes": ["formations_ateliers"],
                "termes": ["oui"],
                "cible": "Maîtrise des outils numériques du quotidien",
            },
        ],
        "source": {"defaut": "Mulhouse"},
    },
}
